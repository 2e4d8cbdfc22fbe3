"""Pictures and tables of a comparison: over time, by place, where the flow went, dollars, shares."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from corredor.effects.compare.diversion import UNDER_WAY, Diversion
from corredor.effects.compare.effects import Comparison, Effect
from corredor.effects.compare.money import dollars
from corredor.effects.compare.shares import share_table
from corredor.pages.charts.difference_chart import TwoScenarios, scenarios_chart
from corredor.pages.charts.effect_chart import EffectRow, effect_chart
from corredor.pages.charts.fans import Fan, fan_of, focused
from corredor.pages.report.comparison_words import effect_cells, few_words, ranked
from corredor.pages.report.figure import HALF_PX, HIDDEN_NOTE, NARROW_PX, Figure, Picture, Table, output_notes, unit_words
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS, Run
from corredor.results.wording import MISSING, Wording, period_text, share_text, signed, signed_interval, unbroken

EFFECT_COLUMNS = {
    "without": True, "with": True, "difference": True, "of without": True, "80 %": True, "95 %": True, "sign": False
}  # fmt: skip
MEANS_NOTE = "Without, with and difference are means of the simulations; the intervals hold 80 and 95 % of the differences."
LONGEST_TABLE_PERIODS = 130
MOST_ROWS = 12
PER = 1000.0
WIDE_PX = 760.0


def effects_by_side(found: Comparison, outputs: list[str]) -> dict[str, Table]:
    """The effect on every output that differs, over the whole study, side by side, the largest for their level and the surest first."""
    tables = {}
    for side in ("control", "protection", "movement", "money"):
        rows = [[found.title(name), *total_cells(found, name)] for name in ranked(found, outputs, side)]
        if rows:
            note = f"Flows are summed over the study; stocks and waits are means over its days. {MEANS_NOTE}"
            tables[side] = Table(f"Effect on outputs of {side}", {"output": False, **EFFECT_COLUMNS}, rows, note)
    return tables


def effects_at_a_glance(found: Comparison, outputs: list[str]) -> dict[str, Table]:
    """The same in four columns, control beside protection."""
    tables = {}
    for side in ("control", "protection"):
        rows = []
        for name in ranked(found, outputs, side):
            effect = found.effect(name)
            _, _, difference, share, *_ = total_cells(found, name)
            rows.append([found.title(name), difference, share, share_text(max(effect.chance_up, effect.chance_down))])
        if rows:
            columns = {"output": False, "difference": True, "of without": True, "agree": True}
            note = "Agree: share of the simulations with the more frequent sign."
            tables[side] = Table(side.capitalize(), columns, rows, note)
    return tables


def total_cells(found: Comparison, name: str) -> list[str]:
    """`effect_cells` of an output or account over the whole study."""
    return effect_cells(found.effect(name), found.wording(name), (name, "total", "") in found.unshown)


def time_figure(found: Comparison, run: Run, name: str) -> Figure:
    """An output in both scenarios, and the difference below."""
    series = found.series(name)
    fans = [
        fan_of(draws, run.starts(name), run.end, run.time_of(name)) for draws in (series[0], series[1], series[0] - series[1])
    ]
    hidden = found.unshown_periods(name)
    fans = [replace(fan, quantiles=np.where(hidden, np.nan, fan.quantiles)) for fan in fans]
    means = series.mean(axis=1)
    if fans[0].every in ("day", "step"):
        whole, fans = fans[0], _same_part(fans)
        kept = np.isin(whole.starts, fans[0].starts)
        means, hidden = means[:, kept], hidden[kept]
    begins = np.datetime64(found.about["first_difference"], "ns")
    plot = TwoScenarios(found.title(name), fans[0], fans[1], fans[2], begins, found.side(name), run.wording(name))
    picture = Picture(scenarios_chart(plot, HALF_PX, 0.8 * HALF_PX), scenarios_chart(plot, NARROW_PX, 330))
    unit, notes = unit_words(run, name), output_notes(run, name)
    return Figure(
        f"time-{name}", found.title(name), found.side(name), unit, notes, _time_table(plot, means, unit, hidden), picture
    )


def parts_figure(found: Comparison, run: Run, name: str) -> Figure | None:
    """The effect on an output by place, or else by group; none where there is nothing to divide."""
    dimension = found.dimension_in(name, PLACE_DIMENSIONS) or found.dimension_in(name, GROUP_DIMENSIONS)
    if dimension is None:
        return None
    labels = found.labels(name, dimension)
    effects = {
        label: found.effect(name, place=label) if dimension in PLACE_DIMENSIONS else found.effect(name, group=label)
        for label in labels
    }
    if len(labels) < 2 or not any(np.any(np.nan_to_num(effect.difference)) for effect in effects.values()):
        return None
    rows = {run.name_of(label): effect for label, effect in effects.items()}
    hidden = {run.name_of(label) for label in labels if (name, dimension, label) in found.unshown}
    words = "by place" if dimension in PLACE_DIMENSIONS else f"by {dimension}"
    title = found.title(name) if " by " in found.title(name) else f"{found.title(name)}, {words}"
    return effects_figure(
        f"parts-{name}", title, found.side(name), _difference_unit(found, name), rows, found.wording(name), hidden
    )


def effects_figure(
    id_: str, title: str, side: str, unit: str, effects: dict[str, Effect], wording: Wording, hidden: Container[str] = ()
) -> Figure:
    """Effects as rows around 0, with their table.

    hidden : labels whose numbers are not shown
    """
    ordered = sorted(effects.items(), key=lambda item: -abs(_middle(item[1])))
    drawn = [(label, effect) for label, effect in ordered if label not in hidden]
    rows = [effect_row(label, effect) for label, effect in drawn[:MOST_ROWS]]
    more = f"{len(drawn) - MOST_ROWS} smaller ones only in the table." if len(drawn) > MOST_ROWS else ""
    cells = [[label, *effect_cells(effect, wording, label in hidden)] for label, effect in ordered]
    table = Table(title, {"of": False, **EFFECT_COLUMNS}, cells, HIDDEN_NOTE if len(drawn) < len(ordered) else "")
    return Figure(
        id_, title, side, unit, [more] if more else [], table, _picture(title, rows, wording, HALF_PX) if rows else None
    )


def effect_row(label: str, effect: Effect) -> EffectRow:
    """Mean, 80 and 95 % interval of an effect."""
    q = {key: 0.0 if not np.isfinite(value) else value for key, value in effect.quantiles().items()}
    return EffectRow(label, _middle(effect), q["low80"], q["high80"], q["low95"], q["high95"])


def end_figure(found: Comparison, run: Run, diverted: Diversion) -> Figure:
    """Where people are instead, on the last day."""
    table = diverted.at_end[diverted.at_end["mean"] != 0.0]
    words = f"For 1,000 people {'fewer' if diverted.fewer else 'more'} in “{diverted_title(found, run, diverted)}”"
    note = (
        "Counted from everybody on the last day of both scenarios. Nobody is lost or made, so in every single draw these differences "
        "add up to 0. They need not add up to 1,000: one person can be counted several times in a flow, or once in another place."
    )
    names = {str(status): status_words(found, str(status)) for status in table["of"]}
    return _diversion_figure("where-now", "Where people are instead", words, note, table, names, diverted)


def elsewhere_figure(found: Comparison, run: Run, diverted: Diversion) -> Figure | None:
    """The same flow at the other places; by group where it is not told by place."""
    table = diverted.elsewhere[diverted.elsewhere["mean"] != 0.0]
    if len(table) < 2:
        return None
    words = f"For 1,000 people {'fewer' if diverted.fewer else 'more'} in “{diverted_title(found, run, diverted)}”"
    note = "These differences add up to the effect on the output in all"
    is_by_place = found.dimension_in(diverted.output, PLACE_DIMENSIONS) is not None
    title, note = (
        ("The same flow, place by place", f"{note}; opposite signs are people who went elsewhere.")
        if is_by_place
        else ("The same flow, group by group", f"{note}.")
    )
    names = {str(label): run.name_of(str(label)) for label in table["of"]}
    return _diversion_figure("elsewhere", title, words, note, table, names, diverted)


def other_flows_table(found: Comparison, diverted: Diversion, outputs: Iterable[str]) -> Table:
    """Other flows beside the chosen one."""
    wording, told = Wording(), set(outputs)
    rows = []
    for row in diverted.flows.itertuples():
        if row.of in told and row.mean != 0.0:
            per = signed(wording, round(row.per_1000)) if np.isfinite(row.per_1000) else "–"
            interval = signed_interval(wording, row.low80, row.high80)
            rows.append([found.title(row.of), found.side(row.of), per, signed(wording, row.mean), interval])
    columns = {"other flow": False, "side": False, "per 1,000": True, "people, mean": True, "80 %": True}
    note = "Flows count moves, and one person makes several, so these do not add up to anything."
    return Table("What else changed", columns, rows, note)


def dollar_rows(found: Comparison, dataset: xr.Dataset) -> Table:
    """Dollars by actor."""
    rows = [
        [one.actor, one.title, *(total_cells(found, one.what) if one.what in found.accounts else effect_cells(one.effect))]
        for one in dollars(dataset)
    ]
    columns = {"actor": False, "what": False, **EFFECT_COLUMNS}
    note = "Accounts follow simulated people; a measure's cost counts for the days in which it is in force within the study."
    return Table("Dollars, by who pays or receives", columns, rows, note)


def shares_figure(shared: xr.Dataset, output: str) -> Figure:
    """Shapley shares of measures in their joint effect on an output."""
    titles = dict(zip(shared["measure"].to_numpy(), shared["measure_title"].to_numpy(), strict=True))
    of = shared.sel(output=output)
    unit = str(of["output_unit"].item())
    zeros = np.zeros(shared.sizes["draw"])
    effects = {str(titles[name]): Effect(of["share"].sel(measure=name).to_numpy(), zeros, unit) for name in titles}
    joint = Effect(of["joint"].to_numpy(), zeros, unit)
    ordered = sorted(effects.items(), key=lambda item: -abs(float(np.mean(item[1].difference))))
    rows = [effect_row(label, effect) for label, effect in ordered] + [effect_row("all together", joint)]
    table = share_table(shared, output)
    wording = Wording(unit)
    cells = [
        [
            str(titles[row.measure]),
            signed(wording, row.mean),
            signed_interval(wording, row.low80, row.high80),
            "–" if not np.isfinite(row.part) else f"{100 * row.part:.0f} %",
            signed(wording, row.alone),
            signed(wording, row.last),
            "0" if row.standard_error == 0 else f"± {wording.exact(row.standard_error)}",
        ]
        for row in table.itertuples()
    ]
    columns = {
        "measure": False, "share, mean": True, "80 %": True, "of the joint effect": True, "taken alone": True, "taken last": True,
        "error of drawn orders": True,
    }  # fmt: skip
    how = (
        f"Every subset was run: {shared.attrs['scenarios']} scenarios for each of {shared.sizes['draw']} draws, with common random numbers."
        if shared.attrs["exact"]
        else f"Orders were drawn: {shared.attrs['scenarios']} scenarios for each of {shared.sizes['draw']} draws; errors in the table."
    )
    title = str(of["output_title"].item())
    notes = [how, "In each draw the shares add up to the joint effect. Medians of parts need not add up; their means do."]
    data = Table(f"Shares: {title}", columns, cells)
    return Figure(f"shares-{output}", title, "movement", unit, notes, data, _picture(title, rows, wording))


def diverted_title(found: Comparison, run: Run, diverted: Diversion) -> str:
    """The chosen output in words."""
    parts = [run.name_of(name) for name in (diverted.place, diverted.group) if name]
    return found.title(diverted.output) + (f", {', '.join(parts)}" if parts else "")


def _diversion_figure(
    id_: str, title: str, unit: str, note: str, table: pd.DataFrame, names: dict[str, str], diverted: Diversion
) -> Figure:
    wording = Wording()
    ordered = table.reindex(table["mean"].abs().sort_values(ascending=False).index)
    told = bool(np.isfinite(diverted.scale))
    factor = PER / diverted.scale if told else 1.0
    shown = ordered.head(MOST_ROWS)
    rows = [
        EffectRow(names[str(row.of)], row.mean * factor, *[row.mean * factor] * 4)
        if told
        else EffectRow(names[str(row.of)], row.mean, row.low80, row.high80, row.low95, row.high95)
        for row in shown.itertuples()
    ]
    cells = [
        [
            names[str(row.of)],
            signed(wording, round(row.per_1000)) if told else "–",
            signed(wording, row.mean),
            signed_interval(wording, row.low80, row.high80),
            signed_interval(wording, row.low95, row.high95),
        ]
        for row in ordered.itertuples()
    ]
    columns = {"of": False, "per 1,000": True, "people, mean": True, "80 %": True, "95 %": True}
    notes = [note] if told else [note, "The effect is too small to divide by, so these are people, not people per 1,000."]
    if len(ordered) > MOST_ROWS:
        notes.append(f"{len(ordered) - MOST_ROWS} smaller ones only in the table.")
    return Figure(
        id_, title, "movement", unit if told else "people", notes, Table(title, columns, cells), _picture(title, rows, wording)
    )


def _picture(title: str, rows: Sequence[EffectRow], wording: Wording, width_px: float = WIDE_PX) -> Picture:
    return Picture(effect_chart(title, rows, width_px, wording), effect_chart(title, rows, NARROW_PX, wording))


def status_words(found: Comparison, status: str) -> str:
    """A status as a reader calls it, in few words."""
    if status == UNDER_WAY:
        return "on a journey"
    words = str(found.model["statuses"].get(status, status))
    return words if len(words) <= 60 else status.replace("_", " ")


def _time_table(plot: TwoScenarios, means: np.ndarray, unit: str, hidden: np.ndarray) -> Table:
    """means : (2, n_periods) float     with, without;  hidden : (n_periods,) bool     where only what is small is told"""
    every, n_periods = plot.with_.every, len(plot.with_.starts)
    step = 1 if n_periods <= LONGEST_TABLE_PERIODS else 7
    rows = []
    for period in range(0, n_periods, step):
        q, named = plot.difference.quantiles[:, period], unbroken(period_text(plot.with_.starts[period], every))
        if hidden[period]:
            rows.append([named, *few_words(plot.wording, means[::-1, period]), *[MISSING] * 3])
            continue
        rows.append(
            [
                named,
                plot.wording.exact(float(means[1, period])),
                plot.wording.exact(float(means[0, period])),
                signed(plot.wording, float(means[0, period] - means[1, period])),
                signed_interval(plot.wording, float(q[1]), float(q[5])),
                signed_interval(plot.wording, float(q[0]), float(q[6])),
            ]
        )
    columns = {every: False, "without": True, "with": True, "difference": True, "80 %": True, "95 %": True}
    note = f"{MEANS_NOTE} Every seventh {every}." if step > 1 else MEANS_NOTE
    note = f"{note} {HIDDEN_NOTE}" if hidden[::step].any() else note
    return Table(f"{plot.title}, {unit}", columns, rows, note)


def _same_part(fans: list[Fan]) -> list[Fan]:
    """Daily series from the first day on which something happens in either scenario to the last."""
    both = Fan(fans[0].starts, fans[0].end, np.fmax(fans[0].quantiles, fans[1].quantiles), fans[0].every)
    part = focused(both)
    kept = (fans[0].starts >= part.starts[0]) & (fans[0].ends <= part.end)
    return [Fan(fan.starts[kept], part.end, fan.quantiles[:, kept], fan.every) for fan in fans]


def _difference_unit(found: Comparison, name: str) -> str:
    unit = {"USD": "US dollars"}.get(found.unit(name), found.unit(name))
    if found.is_mean(name) or found.is_waited(name):
        return f"difference in {unit}, mean over the study"
    return f"difference in {unit} over the whole study"


def _middle(effect: Effect) -> float:
    value = effect.means[2]
    return value if np.isfinite(value) else 0.0
