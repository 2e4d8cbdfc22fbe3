"""Dated tables: drivers in order and complete, observations that an output can be held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corredor.study.calendar import is_whole_month
from corredor.study.checks.check_header import study_dates
from corredor.study.checks.check_outputs import counted_places, output_kind
from corredor.study.checks.facts import GROUPS_TOLD, PLACES_TOLD, Facts
from corredor.study.problems import Problem, listed, quoted
from corredor.study.reading import Written
from corredor.study.schema import DriverValue, Observation
from corredor.study.selectors import matches_place


def check_drivers(facts: Facts) -> Iterator[Problem]:
    """Problems of drivers.csv."""
    last: dict[tuple[str, str], Written[DriverValue]] = {}
    first: dict[tuple[str, str], Written[DriverValue]] = {}
    seen: dict[tuple[str, str, object], Written[DriverValue]] = {}
    units: dict[str, Written[DriverValue]] = {}
    broken = {(row.get("driver"), row.get("place")) for row in facts.raw.drivers.broken}
    for row in facts.raw.drivers:
        value = row.entry
        yield from facts.sources(value.source, row)
        if value.place != "*" and not facts.known["country"].has(value.place):
            for problem in facts.unknown("place", value.place, row, ("place",)):
                countries = sorted(facts.known["country"].names)
                expected = f"a place or country of places.csv ({listed(countries, 8)}), or * for everywhere"
                try_ = facts.all_of(("country", "place")).suggested(value.place)
                yield row.problem(("place",), problem.found, expected, try_)
        if value.driver in units and units[value.driver].entry.unit != value.unit:
            other = units[value.driver]
            found = f"unit {quoted(value.unit)} for {value.driver}"
            yield row.problem(
                ("unit",),
                found,
                f"one unit for a driver: {quoted(other.entry.unit)}, as in line {other.line}",
                "convert the value",
            )
        units.setdefault(value.driver, row)
        series = (value.driver, value.place)
        if (*series, value.date) in seen:
            other = seen[(*series, value.date)]
            found = f"{value.driver} for {value.place} on {value.date} a second time; line {other.line} has it already"
            yield row.problem(("date",), found, "one value for a driver, place and date", "delete one of the two rows")
        elif series in last and value.date < last[series].entry.date:
            found = f"{value.date}, after {last[series].entry.date} in line {last[series].line}"
            expected = f"the dates of {value.driver} for {value.place} in order"
            yield row.problem(("date",), found, expected, "sort the rows by date, or correct this one")
        seen.setdefault((*series, value.date), row)
        if series not in last or value.date > last[series].entry.date:
            last[series] = row
        if series not in first or value.date < first[series].entry.date:
            first[series] = row
    dates = study_dates(facts)
    for series, row in first.items():
        place_known = series[1] == "*" or facts.known["country"].has(series[1]) or facts.known["place"].has(series[1])
        complete = series not in broken and facts.raw.drivers.readable and place_known
        if complete and dates is not None and row.entry.date > dates[0]:
            found = f"{row.entry.date} as the first date of {series[0]} for {series[1]}"
            expected = f"a value that holds on the study's first day, {dates[0]}"
            yield row.problem(("date",), found, expected, f"add a row with a date up to {dates[0]}")


def check_observations(facts: Facts) -> Iterator[Problem]:
    """Problems of observations.csv."""
    seen: dict[tuple[object, ...], Written[Observation]] = {}
    counted = {
        name: frozenset(p.id for p in counted_places(facts, output.entry) if matches_place(output.entry.at, p))
        for name, output in facts.outputs.items()
    }
    for row in facts.raw.observations:
        observation = row.entry
        yield from facts.sources(observation.source, row)
        yield from facts.unknown("output", observation.output, row, ("output",))
        yield from _value_problems(row)
        yield from _date_problems(facts, row)
        yield from _place_problems(facts, row, counted.get(observation.output, frozenset()))
        yield from _group_problems(facts, row)
        output = facts.outputs.get(observation.output)
        if output is not None and output_kind(facts, output.entry) == "days_waited":
            found = f"{observation.output}, which is a distribution of days waited"
            yield row.problem(
                ("output",), found, "an output that is one number: a flow, a stock or an expected_wait", "`expected_wait`"
            )
        key = (observation.output, observation.place, observation.group, observation.from_, observation.to, observation.published)
        if key in seen:
            found = f"the same as line {seen[key].line}: output, place, group, period and day of publication"
            expected = "every published number once; a revision has a later day of publication"
            yield row.problem((), found, expected, "delete one of the two rows")
        seen.setdefault(key, row)


def _value_problems(row: Written[Observation]) -> Iterator[Problem]:
    observation = row.entry
    has_range = observation.low is not None or observation.high is not None
    if observation.value is None and not has_range:
        expected = "a value, or the ends of a range in low and high"
        yield row.problem(
            ("value",), "neither value nor low or high", expected, "fill in the published number, or delete the row"
        )
    elif observation.value is not None and has_range:
        expected = "either a value or a range"
        yield row.problem(("value",), "a value and a range in low and high", expected, "empty value, or empty low and high")
    elif observation.low is not None and observation.high is not None and observation.low > observation.high:
        found = f"low {observation.low:g} above high {observation.high:g}"
        yield row.problem(("low",), found, "low below high", "exchange the two")


def _date_problems(facts: Facts, row: Written[Observation]) -> Iterator[Problem]:
    observation, dates = row.entry, study_dates(facts)
    if observation.to < observation.from_:
        found, expected = f"to {observation.to}, before from {observation.from_}", "a last day on or after the first"
        yield row.problem(("to",), found, expected, "exchange the dates")
        return
    if dates is not None and observation.to < dates[0] and _is_followed(facts, observation.output):
        if observation.value is None or not is_whole_month(observation.from_, observation.to):
            found = "a range" if observation.value is None else f"{observation.from_} to {observation.to}"
            expected = f"one number for a whole calendar month, as it counts days before the study begins on {dates[0]}"
            yield row.problem(("from",), found, expected, "delete the row: only monthly series are followed")
    elif dates is not None and (observation.from_ < dates[0] or observation.to > dates[1]):
        column = "from" if observation.from_ < dates[0] else "to"
        found, expected = f"{observation.from_} to {observation.to}", f"a period inside the study, {dates[0]} to {dates[1]}"
        yield row.problem((column,), found, expected, "delete the row, or extend the study in study.yaml")
    if observation.published < observation.from_:
        found = f"published {observation.published}, before the period begins on {observation.from_}"
        yield row.problem(("published",), found, "the day from which the number was known", "the day of publication")


def _is_followed(facts: Facts, output: str) -> bool:
    return any(latent.entry.follows == output for latent in facts.raw.latents)


def _place_problems(facts: Facts, row: Written[Observation], counted: frozenset[str]) -> Iterator[Problem]:
    """A number for one place needs an output that tells places apart, or one that counts nowhere else."""
    name = row.entry.place
    if name is None:
        return
    if not facts.is_one_of(PLACES_TOLD.values(), name):
        yield _unknown_part(facts, row, "place", PLACES_TOLD, "a place, country or region of places.csv")
        return
    output = facts.outputs.get(row.entry.output)
    if output is None or not facts.places_known:
        return
    inside = facts.places_named.get(name, set())
    told_by = next((dimension for dimension in PLACES_TOLD if dimension in output.entry.by), None)
    if counted and not inside & counted:
        found = f"{name}, where {row.entry.output} counts nobody"
        expected = f"a place that the output counts: {listed(sorted(counted), 6)}"
        yield row.problem(("place",), found, expected, "another place, or widen `at` of the output")
    elif told_by is None and counted and not counted <= inside:
        found = f"a number for {name} alone, while {row.entry.output} counts {listed(sorted(counted), 5)} together"
        expected = "an output that tells places apart"
        yield row.problem(
            ("place",), found, expected, f"add place to `by` in study.yaml:{output.line}, or `at` for this place alone"
        )
    elif told_by in ("country", "region") and name not in facts.known[told_by].names:
        found = f"{name}, while {row.entry.output} is told apart by {told_by}"
        yield row.problem(("place",), found, f"a {told_by}", f"add place to `by` in study.yaml:{output.line}")


def _unknown_part(facts: Facts, row: Written[Observation], key: str, kinds: Mapping[str, str], what: str) -> Problem:
    name, known = getattr(row.entry, key), facts.all_of(kinds.values())
    try_ = known.suggested(name, f"one of {known.listed}")
    return row.problem((key,), quoted(name), f"{what}, or an empty cell for all", try_)


def _group_problems(facts: Facts, row: Written[Observation]) -> Iterator[Problem]:
    """A number for some groups needs an output that tells them apart, or one that counts no others."""
    name = row.entry.group
    if name is None:
        return
    if not facts.is_one_of(GROUPS_TOLD.values(), name):
        yield _unknown_part(facts, row, "group", GROUPS_TOLD, "a group, citizenship or kind of `groups`")
        return
    output = facts.outputs.get(row.entry.output)
    if output is None or not facts.raw.groups.whole or (output.entry.sum_of is not None and not output.entry.by):
        return
    inside = {group_id for group_id, group in facts.groups.items() if name in (group_id, group.citizenship, group.kind)}
    counted = set(facts.selected_groups(output.entry.groups))
    told_by = next((dimension for dimension in GROUPS_TOLD if dimension in output.entry.by), None)
    if not inside & counted:
        found, expected = (
            f"{name}, whom {row.entry.output} does not count",
            f"a group that it counts: {listed(sorted(counted), 6)}",
        )
        yield row.problem(("group",), found, expected, "another group, or widen `groups` of the output")
    elif told_by == "group" or (told_by is None and counted <= inside):
        return
    elif told_by is None or not any(getattr(group, told_by) == name for group in facts.groups.values()):
        if (
            told_by is not None
            and {"citizenship", "kind"} <= set(output.entry.by)
            and any(name in (g.citizenship, g.kind) for g in facts.groups.values())
        ):
            return  # the other of the two dimensions tells them apart
        found = f"a number for {name} alone, while {row.entry.output} does not tell groups apart by it"
        expected = "an output that tells these groups apart"
        yield row.problem(
            ("group",), found, expected, f"add group to `by` in study.yaml:{output.line}, or `groups` for these alone"
        )
