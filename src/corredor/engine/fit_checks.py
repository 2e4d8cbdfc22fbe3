"""Whether draws of a fit can be run: as strict as the checks of a study, since a fit takes the place of its priors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from corredor.study.model import Model
from corredor.study.priors import prior_quantile
from corredor.study.problems import listed

ROUNDED = 1e-4
"""Room for the rounding of a fit's draws in its file, as a share of the number."""


def broken_draws(
    parameter_names: Sequence[str], parameters: np.ndarray, latent_names: Sequence[str], new_parts: np.ndarray
) -> Iterator[str]:
    """What is wrong with the draws themselves, whatever their study.

    parameters : (n_draws, n_parameters) float;  new_parts : (n_draws, n_latents, n_months) float
    """
    for what, names in (("parameter", parameter_names), ("latent series", latent_names)):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        if twice:
            yield f"{what} named twice: {listed(twice, 5)}"
    shapes = {
        "parameters": (parameters.shape, (len(parameters), len(parameter_names))),
        "latent months": (new_parts.shape[:2], (len(parameters), len(latent_names))),
    }
    for what, (found, expected) in shapes.items():
        if found != expected:
            yield f"{what} of {' × '.join(map(str, found))} draws and names, where {' × '.join(map(str, expected))} are told"
    if not len(parameters):
        yield "no draw"
    for what, numbers in (("parameters", parameters), ("latent months", new_parts)):
        strange = int(np.sum(~np.isfinite(numbers)))
        if strange:
            yield f"{strange} of {numbers.size} numbers of the {what} are not finite"


def foreign_draws(
    model: Model,
    parameter_names: Sequence[str],
    parameters: np.ndarray,
    latent_names: Sequence[str],
    uncertain: Sequence[str],
    latents: Sequence[str],
) -> Iterator[str]:
    """What does not fit the study: names that it does not have, and numbers that no prior allows.

    uncertain, latents : names of the parameters and of the latent series of the study that a fit draws
    """
    for what, found, expected in (("parameters", parameter_names, uncertain), ("latent series", latent_names, latents)):
        missing, strange = sorted({*expected} - {*found}), sorted({*found} - {*expected})
        if missing:
            yield f"no draws of the {what} {listed(missing, 5)}"
        if strange:
            yield f"draws of {what} that the study does not have: {listed(strange, 5)}"
    for column, name in enumerate(parameter_names):
        if name not in uncertain:
            continue
        values = parameters[:, column]
        low, high = (float(end) for end in prior_quantile(model.parameters[name].prior, np.array([0.0, 1.0])))
        room = ROUNDED * np.abs(values)
        outside = values[(values < low - room) | (values > high + room)]
        if len(outside):
            yield f"{name} {outside[0]:.6g} in {len(outside)} of {len(values)} draws, where its prior allows {low:g} to {high:g}"


def wrong_months(first_month: int, last_month: int, found: int) -> Iterator[str]:
    """Latent months that do not reach the last day of the figures; more of them do no harm.

    first_month, last_month : calendar months in which the warm-up begins, and the last step up to the last day of the figures
    found : months in the file
    """
    least = max(last_month - first_month + 1, 1)
    if found < least:
        yield f"{found} latent months, where the figures reach over {least}"
