"""The draws that all scenarios of a comparison share: from priors, or from a fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.engine.draws import central_parameters, sample_parameters
from corredor.engine.fitted import Fitted, sample_fitted
from corredor.engine.network import build_network
from corredor.study.model import Model


@dataclass(frozen=True)
class Drawn:
    """Draws before a scenario fixes any parameter.

    parameters : (n_draws, n_parameters) float                 in the parameters' own units
    learned : (n_draws, n_latents, n_learned_months) float     new parts of the latent months that a fit has learned; none without a fit
    fingerprint : names the fit; "priors" without one
    """

    parameters: np.ndarray
    learned: np.ndarray | None = None
    fingerprint: str = "priors"


def draw_parameters(model: Model, draws: int, seed: int, expected: bool = False, fitted: Fitted | None = None) -> Drawn:
    """Draws of a study, the same as those of `simulate`.

    raises : StudyError when the fit does not belong to the study
    """
    if fitted is None:
        return Drawn(central_parameters(model) if expected else sample_parameters(model, seed, draws))
    sample = sample_fitted(build_network(model), fitted, seed, draws, expected)
    row = np.arange(draws) % fitted.n_draws
    learned = np.median(fitted.new_parts, axis=0)[None] if expected else fitted.new_parts[row]
    return Drawn(sample.parameters, learned, fitted.fingerprint)
