"""From what the numbers of a draw are made: rows of quantities, measures with their days, series, settings (inputs.py reads it)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
from scipy import sparse

from corredor.engine.arrays import Recipe
from corredor.engine.network.draft import Draft
from corredor.engine.network.index_arrays import first_of, ints
from corredor.engine.network.quantities import Quantities
from corredor.study.model import Model
from corredor.study.selectors import matches_place
from corredor.study.topology import Compartment

Arrays = dict[str, np.ndarray]

Change = tuple[int, bool, int]
"""Number of a measure, whether it sets or multiplies, row of the quantity."""


def make_recipe(draft: Draft, attempt_rows: np.ndarray, event_row: np.ndarray) -> Recipe:
    """The recipe of a study; the last to ask for rows of quantities, so that it holds them all.

    attempt_rows, event_row : of collective attempts and scheduled departures
    """
    last_day = float((draft.model.study.to - draft.calendar.first_step_date).days + 1)
    # settings may need series of their own, so series come after them
    parts = _setting_arrays(draft) | _series_arrays(draft) | _rate_arrays(draft) | _window_arrays(draft)
    parts |= _noise_arrays(draft) | _branch_arrays(draft) | _initial_arrays(draft) | _measure_arrays(draft)
    _register_outputs(draft.model, draft.quantities)
    parts |= draft.quantities.arrays() | {"attempt_row": attempt_rows, "event_row": event_row}
    return Recipe(last_day=last_day, **parts)


def _measure_arrays(draft: Draft) -> Arrays:
    measures, calendar = draft.model.measures, draft.calendar
    first, n_steps = calendar.first_step_date, calendar.n_steps
    lasting = [measure.to is None or measure.to >= draft.model.study.to for measure in measures]
    ends = [
        n_steps if lasts or one.to is None else calendar.step_of_date(one.to + dt.timedelta(days=1))
        for lasts, one in zip(lasting, measures, strict=True)
    ]
    return {
        "measure_first_step": ints([calendar.step_of_date(measure.from_) for measure in measures]),
        "measure_end_step": ints(ends),
        "measure_first_day": _floats((measure.from_ - first).days for measure in measures),
        "measure_end_day": _floats(np.inf if measure.to is None else (measure.to - first).days + 1 for measure in measures),
    }


def _series_arrays(draft: Draft) -> Arrays:
    covariates = draft.covariates
    fixed = np.array(covariates.fixed) if covariates.fixed else np.zeros((0, len(covariates.change_steps)))
    return {
        "change_step": covariates.change_steps,
        "change_month": ints(covariates.month_of_change),
        "fixed_series": fixed,
        "window_series": ints([series for series, _ in covariates.windows]),
        "window_measure": ints([measure for _, measure in covariates.windows]),
        "latent_series": ints([latent.series for latent in covariates.latents]),
        "latent_persistence": ints([latent.persistence_row for latent in covariates.latents]),
        "latent_monthly_sd": ints([latent.monthly_sd_row for latent in covariates.latents]),
        "build_up_series": ints([build_up.series for build_up in covariates.build_ups]),
        "build_up_measure": ints([build_up.measure for build_up in covariates.build_ups]),
        "build_up_lag": ints([build_up.lag_row for build_up in covariates.build_ups]),
    }


def _rate_arrays(draft: Draft) -> Arrays:
    sets, n_moves = draft.sets.values(), len(draft.moves)
    return {
        "set_row": ints([one.row for one in sets]),
        "set_is_share": ints([one.is_share for one in sets]),
        "set_pool": ints([one.pool for one in sets]),
        **_fixed_terms("rate", draft.fixed_terms, n_moves),
        **_fixed_terms("score", draft.fixed_choice, n_moves),
        "term_row": ints([row for row, _, _ in draft.terms]),
        "term_coefficient": _floats(coefficient for _, coefficient, _ in draft.terms),
        "term_series": ints([series for _, _, series in draft.terms]),
        "state_row": ints([row for move in draft.moves for _, _, row in move.states]),
        "handles_row": ints(list(draft.handles)),
    }


def _fixed_terms(name: str, terms: list[tuple[int, int, float]], n_moves: int) -> Arrays:
    """Terms that do not change with time, by move; those of one move and row are one."""
    moves, rows, coefficients = zip(*terms, strict=True) if terms else ((), (), ())
    n_rows = max(rows, default=0) + 1
    table = sparse.csr_array((np.array(coefficients, dtype=float), (ints(moves), ints(rows))), shape=(n_moves, n_rows))
    return {f"{name}_first": ints(table.indptr), f"{name}_row": ints(table.indices), f"{name}_coefficient": table.data}


def _setting_arrays(draft: Draft) -> Arrays:
    layout = draft.layout
    settings = [_setting(draft, compartment, "capacity") for compartment in layout.with_capacity]
    settings += [_setting(draft, compartment, "served_per_day") for compartment in layout.queues]
    changes = [change for _, _, changes in settings for change in changes]
    return {
        "setting_row": ints([row for row, _, _ in settings]),
        "setting_series": ints([series for _, series, _ in settings]),
        "setting_first_change": first_of([len(changes) for _, _, changes in settings]),
        "setting_measure": ints([measure for measure, _, _ in changes]),
        "setting_is_set": ints([is_set for _, is_set, _ in changes]),
        "setting_change_row": ints([row for _, _, row in changes]),
    }


def _setting(draft: Draft, compartment: Compartment, kind: str) -> tuple[int, int, list[Change]]:
    """Row of a compartment's capacity or service, series that multiplies it (−1: none), and the measures that change it, in order."""
    place, row = compartment.place, draft.quantities.row
    base, changes = row(getattr(compartment.spec, kind), place), []
    for number, measure in enumerate(draft.model.measures):
        for action in measure.acts_on:
            quantity = action.set if action.set is not None else action.multiply
            if getattr(action, kind) == compartment.status and matches_place(action.at, place) and quantity is not None:
                changes.append((number, action.set is not None, row(quantity, place)))
    driver = compartment.spec.capacity_driver if kind == "capacity" else None
    return base, -1 if driver is None else draft.covariates.values_of_driver(driver, place), changes


def _window_arrays(draft: Draft) -> Arrays:
    acts = [
        [*((measure, 1) for measure in window.opens), *((measure, 0) for measure in window.closes)] for window in draft.windows
    ]
    return {
        "window_only_opened": ints([window.only_opened for window in draft.windows]),
        "window_first_act": first_of([len(of_window) for of_window in acts]),
        "act_measure": ints([measure for of_window in acts for measure, _ in of_window]),
        "act_opens": ints([opens for of_window in acts for _, opens in of_window]),
    }


def _noise_arrays(draft: Draft) -> Arrays:
    layout, row = draft.layout, draft.quantities.row
    services = [
        (queue.spec.service_noise if queue.spec.service_noise is not None else 0.0, queue.place) for queue in layout.queues
    ]
    noises = [(one.spec.noise if one.spec.noise is not None else 0.0, one.place) for one in layout.compartments]
    return {
        "service_noise_row": ints([row(noise, place) for noise, place in services]),
        "noise_row": ints([row(noise, place) for noise, place in noises]),
    }


def _branch_arrays(draft: Draft) -> Arrays:
    """Branches of journeys: row of the speed (km per day) where there is a length in km, else of the time (days)."""
    branches = [(journey, branch) for journey in draft.journeys.values() for branch in journey.branches]
    return {
        "branch_row": ints([journey.row for journey, _ in branches]),
        "branch_km": _floats(np.nan if journey.km is None else journey.km for journey, _ in branches),
        "branch_mean_ratio": _floats(branch.mean_ratio for _, branch in branches),
    }


def _initial_arrays(draft: Draft) -> Arrays:
    """People at the start of the warm-up: pool, row of the number of people, share of the group."""
    found: list[tuple[int, int, float]] = []
    for number, (compartment, group_id) in enumerate(draft.layout.pools):
        place, initial = compartment.place, compartment.spec.initial
        if compartment.type == "population":
            row = draft.quantities.row(float(place.population or 0.0), place)
            found.append((number, row, draft.model.study.groups[group_id].share_of_population))
        elif initial is not None and initial.groups.get(group_id, 0.0) > 0:
            share = initial.groups[group_id] / sum(initial.groups.values())
            found.append((number, draft.quantities.row(initial.people, place), share))
    return {
        "initial_pool": ints([pool for pool, _, _ in found]),
        "initial_row": ints([row for _, row, _ in found]),
        "initial_share": _floats(share for _, _, share in found),
    }


def _register_outputs(model: Model, quantities: Quantities) -> None:
    """Give rows to the quantities that results and observations will ask for."""
    for output in model.study.outputs.values():
        wanted = [output.reported_share, output.dispersion, *(output.sum_of or {}).values()]
        for quantity in wanted:
            if quantity is not None:
                quantities.row(quantity)
    for account in model.study.accounts.values():
        quantities.row(account.usd_each)


def _floats(values: Iterable[float]) -> np.ndarray:
    return np.array(list(values), dtype=float)
