"""Everything a fit may learn, as standard normal numbers: where each parameter lies in its prior, and the new part of each month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from corredor.engine.draws import Sample, central_parameters, latent_normals, n_latent_months, parameter_uniforms, sample_draws
from corredor.engine.fitted import uncertain_parameters
from corredor.engine.network import FlowNetwork
from corredor.study.priors import prior_quantile

FARTHEST = 7.0
"""Standard deviations from the middle of a prior beyond which its quantile says nothing any more."""


@dataclass(frozen=True)
class Unknowns:
    """Columns of the numbers z: first the uncertain parameters, then the months of each latent series.

    parameter_columns : (n_parameters,) int     where the uncertain parameters stand among all of the study
    latent_names : names of the latent series;  n_months : calendar months from the beginning of the warm-up
    """

    parameter_names: tuple[str, ...]
    parameter_columns: np.ndarray
    latent_names: tuple[str, ...]
    n_months: int

    @property
    def n_parameters(self) -> int:
        return len(self.parameter_names)

    @property
    def size(self) -> int:
        return self.n_parameters + len(self.latent_names) * self.n_months

    def new_parts(self, z: np.ndarray) -> np.ndarray:
        """New parts of the latent months (M2): (n_draws, n_latents, n_months) float."""
        return z[:, self.n_parameters :].reshape(len(z), len(self.latent_names), self.n_months)


def unknowns_of(network: FlowNetwork) -> Unknowns:
    """The unknowns of a study up to its last day; fixed parameters are none."""
    names, known = uncertain_parameters(network.model), list(network.model.parameters)
    columns = np.array([known.index(name) for name in names], dtype=np.int64)
    latents = tuple(latent.name for latent in network.covariates.latents)
    return Unknowns(names, columns, latents, n_latent_months(network) if latents else 0)


def prior_draws(network: FlowNetwork, unknowns: Unknowns, seed: int, n_draws: int) -> np.ndarray:
    """The same draws that a run of this seed takes from the priors, as z: (n_draws, n_unknowns) float, standard normal."""
    u = parameter_uniforms(network.model, seed, n_draws)[:, unknowns.parameter_columns]
    months = latent_normals(network, seed, n_draws).reshape(n_draws, -1) if unknowns.latent_names else np.zeros((n_draws, 0))
    return np.concatenate([ndtri(u), months], axis=1)


def parameters_of(network: FlowNetwork, unknowns: Unknowns, z: np.ndarray) -> np.ndarray:
    """All parameters in their own units, those that are fixed too: (n_draws, n_parameters of the study) float."""
    parameters = np.repeat(central_parameters(network.model), len(z), axis=0)
    u = ndtr(np.clip(z, -FARTHEST, FARTHEST))
    for number, (name, column) in enumerate(zip(unknowns.parameter_names, unknowns.parameter_columns, strict=True)):
        parameters[:, column] = prior_quantile(network.model.parameters[name].prior, u[:, number])
    return parameters


def samples_of(network: FlowNetwork, unknowns: Unknowns, z: np.ndarray, seed: int) -> Sample:
    """Draws with these unknowns: parameters, quantities and latent months."""
    return sample_draws(network, parameters_of(network, unknowns, z), seed, expected=True, learned=unknowns.new_parts(z))
