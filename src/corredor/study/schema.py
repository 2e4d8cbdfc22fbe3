"""The words of a study folder: every entry and row a person may write, with its fields, types, units and meaning.

One class per YAML entry or CSV row. The text of each field is the reference: docs/REFERENCE.md is generated from it.
Nothing here reads files or knows two entries at once: `reading/` reads, `checks/` checks entries against each other.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Date = dt.date
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""Lower-case letters, digits and underscores, beginning with a letter."""

CompartmentType = Literal["population", "stay", "gate", "queue"]
Every = Literal["step", "day", "week", "month"]
Dimension = Literal["place", "group", "citizenship", "kind", "country", "region", "route"]
Basis = Literal["literature", "derived", "case", "fitted", "assumption", "made_up"]
Side = Literal["movement", "control", "protection", "money"]
MOST_PEOPLE = 1e10
"""More than there are on earth: a larger number of people is a slip of the pen, and the kernel counts whole people exactly only to 2⁵³."""

ClaimKind = Literal["level", "magnitude", "event", "effect", "comparison", "opinion"]

UNITS: dict[str, float] = {
    "per day": 1.0,
    "per week": 1 / 7,
    "per month": 12 / 365.25,
    "per year": 1 / 365.25,
    "people per day": 1.0,
    "people per month": 12 / 365.25,
    "people per year": 1 / 365.25,
    "people": 1.0,
    "share": 1.0,
    "ratio": 1.0,
    "log": 1.0,
    "days": 1.0,
    "weeks": 7.0,
    "months": 365.25 / 12,
    "years": 365.25,
    "km": 1.0,
    "km per day": 1.0,
    "USD": 1.0,
    "USD per person": 1.0,
    "USD per day": 1.0,
    "USD per person per day": 1.0,
    "USD per person per month": 12 / 365.25,
}
"""Units a parameter may have, with the factor that brings it to the inner units (people, days, km, US dollars)."""


class Entry(BaseModel):
    """Base of everything a person writes: unknown keys are errors and nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, strict=True)


class By(Entry):
    """A quantity that differs between places or groups."""

    by: Literal["place", "group", "citizenship", "kind", "country", "region"] = Field(
        description="what the value depends on; of a route, the place it starts from; in a term with a season or latent, "
        "the place that the term looks at (`of`)"
    )
    values: dict[str, float | str] = Field(description="name of the place, group … → number or parameter")
    otherwise: float | str | None = Field(None, description="value for all that are not named; without it, all must be named")


Factor = float | str | By
Quantity = Factor | list[Factor]
"""A number, the name of a parameter, a value `by` place or group, or a list of these that are multiplied."""


class PlaceSelector(Entry):
    """Which places are meant; all conditions must hold; empty means every place."""

    id: str | list[str] | None = Field(None, description="place, or list of places")
    kind: str | list[str] | None = Field(None, description="kind of place as in places.csv")
    country: str | list[str] | None = Field(None, description="country as in places.csv")
    region: str | list[str] | None = Field(None, description="region as in places.csv")


class GroupSelector(Entry):
    """Which groups are meant; all conditions must hold; empty means every group."""

    id: str | list[str] | None = Field(None, description="group, or list of groups")
    citizenship: str | list[str] | None = Field(None, description="citizenship of the group")
    kind: str | list[str] | None = Field(None, description="kind of group: adult, family …")


class Group(Entry):
    """A kind of people who behave alike in the model."""

    title: str | None = Field(None, description="name for the reader")
    citizenship: Identifier | None = Field(None, description="lives at places of this country; none: at every population place")
    kind: Identifier | None = Field(None, description="adult, family, child …")
    share_of_population: float = Field(
        1.0, ge=0, le=1, description="share of the people of a population place, 0–1; shares of a place's groups sum to 1"
    )


class Initial(Entry):
    """People in a compartment when the warm-up begins, divided over groups by weight."""

    people: Quantity = Field(description="people, at each place")
    groups: dict[str, float] = Field(description="group → weight; weights are made to sum to 1")
    source: str | list[str] | None = Field(None, description="source id or ids")


class CompartmentSpec(Entry):
    """Where counts live: a status at each of the selected places."""

    status: Identifier = Field(description="status as in `statuses`")
    at: PlaceSelector = Field(default_factory=PlaceSelector, description="places that have this compartment")
    type: CompartmentType = Field(
        description="population (M2: large, leaves slowly), stay (M3: competing hazards), gate (M4: all divide at once) or "
        "queue (M5: served in order)"
    )
    groups: GroupSelector = Field(default_factory=GroupSelector, description="groups that can be here")
    capacity: Quantity | None = Field(None, description="people with room here (M6); unit people; only for stays")
    capacity_driver: str | None = Field(
        None, description="series of drivers.csv; `capacity` is multiplied by its value of the day"
    )
    overfills: bool = Field(
        False, description="people still enter when it is full; the capacity then only counts for `overcrowding` terms"
    )
    served_per_day: Quantity | None = Field(None, description="people served per day (M5); unit people per day; only for queues")
    service_noise: Quantity | None = Field(
        None, description="standard deviation of the log of the daily service; unit log; only for queues"
    )
    noise: Quantity | None = Field(
        None, description="extra noise of all rates out of here (M11): standard deviation of the log over one day; unit log"
    )
    initial: Initial | None = Field(None, description="people here when the warm-up begins; not for population")


class Term(Entry):
    """One term of a log rate or log weight (M1): effect × covariate. Exactly one covariate is named."""

    driver: str | None = Field(None, description="series of drivers.csv")
    transform: Literal["log", "linear"] = Field("log", description="of the driver: log(value/reference) or value − reference")
    reference: Date | None = Field(None, description="date of the driver's reference value; default: first day of the study")
    reference_value: float | None = Field(
        None,
        description="the driver's reference value itself, the same for all places, in place of a date. With `transform: log` a "
        "driver may then be 0, which closes the transition while it lasts; only beside an effect that is a number more than 0",
    )
    season: str | None = Field(None, description="entry of `seasons`; effect is 1 unless given")
    latent: str | None = Field(None, description="entry of `latents` (M2); effect is 1 unless given")
    distance: Literal["log", "linear"] | None = Field(None, description="route length: log(km/100) or km/100")
    waiting: str | None = Field(None, description="queue status whose expected wait counts (M7): log(1 + wait/7 days)")
    overcrowding: str | None = Field(None, description="status with capacity: log2(people/capacity), 0 while there is room")
    place: PlaceSelector | None = Field(None, description="1 for these places, 0 elsewhere")
    group: GroupSelector | None = Field(None, description="1 for these groups, 0 for others")
    of: Literal["origin", "destination"] | None = Field(
        None, description="whose driver, latent term, queue or place counts; default: origin in changed_by, destination in choice"
    )
    effect: Quantity | None = Field(None, description="θ of M1; unit log")


class Duration(Entry):
    """How long an in-place delay lasts (M10, M12)."""

    distribution: Literal["gamma", "lognormal"] = Field("gamma", description="distribution of the time")
    mean_days: Quantity | None = Field(None, description="mean; unit days; for gamma")
    median_days: Quantity | None = Field(None, description="median; unit days; for lognormal")
    spread: float = Field(
        0.5, gt=0, le=2, description="gamma: standard deviation / mean; lognormal: standard deviation of the log"
    )


class Transition(Entry):
    """A possible move between two compartments, in place or along a route."""

    name: str = Field(min_length=1, description="a short sentence; measures and outputs refer to it")
    from_: str = Field(alias="from", description="status left")
    to: str = Field(description="status entered")
    at: PlaceSelector = Field(default_factory=PlaceSelector, description="places left")
    into: PlaceSelector = Field(default_factory=PlaceSelector, description="places entered (along routes)")
    along: str | list[str] | None = Field(None, description="mode or modes of routes; none: in place")
    to_place: str | By | None = Field(
        None, description="fixed place entered without a route (an administrative transfer or return), by place or group"
    )
    groups: GroupSelector = Field(default_factory=GroupSelector, description="groups that can make this move")
    rate_per_day: Quantity | None = Field(None, description="hazard of leaving by this transition; unit per day")
    share: Quantity | None = Field(
        None,
        description="of a gate or of those a queue serves: share that goes this way when nothing changes it, or the word rest",
    )
    changed_by: list[Term] = Field(default_factory=list, description="terms of the log rate, or of the log odds of a share (M1)")
    choice: list[Term] = Field(
        default_factory=list, description="terms of the log weight by which the transition divides over its destinations"
    )
    handles_per_day: Quantity | None = Field(
        None, description="people per day that the effort behind this transition can handle (M8); unit people per day"
    )
    speed_km_per_day: Quantity | None = Field(None, description="speed along the route; unit km per day (M10)")
    spread: float = Field(0.5, gt=0, le=2, description="of the journey time: standard deviation / mean (M10); small is cohesive")
    takes: Duration | None = Field(None, description="time that an in-place move or a move to `to_place` takes (M12)")
    only_when_opened: bool = Field(False, description="closed except while a measure opens it")


class Season(Entry):
    """Log factors of the twelve months."""

    months: dict[str, float | str] = Field(description="jan … dec → log factor, number or parameter")
    source: str | list[str] | None = Field(None, description="source id or ids")


class Latent(Entry):
    """A monthly term that drivers do not explain (M2): u(m+1) = φ u(m) + σ ξ, stationary at the start."""

    by: Literal["citizenship", "country", "group", "place"] | None = Field(
        None,
        description="one series for each, or one for all; places and countries are those left, or those entered where a term looks at "
        "its destination",
    )
    persistence: Quantity = Field(description="φ, month to month; unit ratio")
    monthly_sd: Quantity = Field(description="σ, standard deviation of a month's new part; unit log")
    follows: str | None = Field(
        None,
        description="output, counting people, whose published monthly series say how the months after the last one known go on: a fit "
        "draws these from all their published past (docs/DYNAMICS.md), and the term moves so that the model counts what was drawn; "
        "none: as above",
    )


class Beta(Entry):
    """Shape of a beta distribution."""

    alpha: float = Field(gt=0)
    beta: float = Field(gt=0)


class CollectiveAttempt(Entry):
    """Many attempt together at once (M9)."""

    name: str = Field(min_length=1, description="a short sentence; outputs refer to it")
    from_: list[str] = Field(alias="from", description="statuses of the crowd near the line")
    to: str = Field(description="status entered: usually a gate, in place")
    at: PlaceSelector = Field(default_factory=PlaceSelector, description="places where it can happen")
    events_per_day: Quantity = Field(description="hazard of an event when the crowd is `at_crowd`; unit per day")
    at_crowd: Quantity = Field(description="crowd for which the hazard is given; unit people")
    growth: float = Field(1.0, ge=0, description="power with which the hazard grows with the crowd")
    share: Beta = Field(description="share of the crowd that takes part")
    closes: str | None = Field(None, description="queue status that is not served after an event")
    closed_days: Quantity | None = Field(None, description="how long; unit days; parts of a day reduce that day's capacity")
    source: str | list[str] | None = Field(None, description="source id or ids")


class Threshold(Entry):
    """A number of people that readers ask about: forecasts are scored by how probable they held it to be passed."""

    more_than: float = Field(ge=0, description="how many in one reporting period; unit people")
    place: str | None = Field(None, description="place, country or region of the figures meant; none: all together")
    group: str | None = Field(None, description="group, citizenship or kind of the figures meant; none: all together")


class Output(Entry):
    """A named series counted in the model. Exactly one of flow, stock, days_waited, expected_wait, sum_of."""

    title: str = Field(min_length=1, description="what it is, for the reader")
    flow: str | list[str] | None = Field(None, description="names of transitions or collective attempts; people who move")
    stock: str | list[str] | None = Field(None, description="statuses; people present at the end of a step, mean over the period")
    days_waited: str | None = Field(None, description="queue status; distribution of the days waited by those served")
    expected_wait: str | None = Field(
        None, description="queue status; people waiting / served per day, in days, mean over the period"
    )
    sum_of: dict[str, Quantity] | None = Field(
        None,
        description="output → factor; a weighted sum of outputs with the same `by` and `every`; factor of unit share or ratio",
    )
    counted: Literal["setting_off", "arriving"] = Field("setting_off", description="when a journey counts, and whose place")
    at: PlaceSelector = Field(default_factory=PlaceSelector, description="places counted")
    groups: GroupSelector = Field(default_factory=GroupSelector, description="groups counted")
    by: list[Dimension] = Field(default_factory=list, description="dimensions beside draw and time")
    every: Every = Field("month", description="reporting period")
    side: Side = Field("movement", description="control and protection are reported side by side")
    reported_share: Quantity | None = Field(
        None, description="share of the output that gets published (M14); unit ratio; default 1"
    )
    dispersion: Quantity | None = Field(
        None, description="extra variance of published counts (M14): variance = mean + dispersion × mean²; unit ratio; default 0"
    )
    thresholds: list[Threshold] = Field(
        default_factory=list, description="numbers of people whose passing a backtest scores (Brier score); simulates nothing"
    )
    note: str | None = Field(None, description="what the reader must know")


class Account(Entry):
    """Dollars computed from an output (M13)."""

    title: str = Field(min_length=1)
    actor: str = Field(description="who pays or sends")
    of: str = Field(description="output, a flow (dollars per person) or a stock (dollars per person per day)")
    usd_each: Quantity = Field(description="unit USD per person, or USD per person per day for a stock")
    source: str | list[str] = Field(description="source id or ids")


class Study(Entry):
    """study.yaml"""

    title: str = Field(min_length=1)
    summary: str = Field(min_length=1, description="what the study is about, in two or three sentences")
    made_up: bool = Field(False, description="true when the figures are invented for teaching; the report says so")
    authors: list[str] = Field(default_factory=list)
    licence: str | None = Field(None, description="licence of the study's own tables")
    from_: Date = Field(alias="from", description="first day")
    to: Date = Field(description="last day")
    warm_up_days: int = Field(0, ge=0, le=3650, description="days simulated before the first day, not reported")
    step_days: float = Field(1.0, description="1, 7 or 0.25")
    groups: dict[Identifier, Group]
    statuses: dict[Identifier, str] = Field(description="status → what it means")
    compartments: list[CompartmentSpec]
    transitions: list[Transition]
    seasons: dict[Identifier, Season] = Field(default_factory=dict)
    latents: dict[Identifier, Latent] = Field(default_factory=dict)
    collective_attempts: list[CollectiveAttempt] = Field(default_factory=list)
    outputs: dict[Identifier, Output]
    accounts: dict[Identifier, Account] = Field(default_factory=dict)


class Prior(Entry):
    """What is believed of a parameter before the data. Exactly one distribution."""

    normal: dict[Literal["mean", "sd"], float] | None = None
    lognormal: dict[Literal["median", "sigma"], float] | None = Field(None, description="sigma: standard deviation of the log")
    beta: dict[Literal["alpha", "beta"], float] | None = None
    uniform: dict[Literal["low", "high"], float] | None = None
    chance: float | None = Field(None, ge=0, le=1, description="1 in so many draws, 0 in the others; no fit learns it")
    fixed: float | None = None


class Parameter(Entry):
    """A number with unit, prior and source (parameters.yaml)."""

    title: str | None = Field(None, description="what it is, for the reader")
    unit: str = Field(description="one of: " + ", ".join(UNITS))
    prior: Prior
    basis: Basis = Field(
        description="literature, derived (worked out from cited figures), case (from the case itself), fitted (to figures of "
        "several cases together), assumption (judgement), made_up"
    )
    source: str | list[str] | None = Field(None, description="source id or ids; needed unless basis is assumption or made_up")
    note: str | None = Field(None, description="how the number was reached")


class Action(Entry):
    """What a measure acts on. Exactly one of transition, opens, closes, capacity, served_per_day."""

    transition: str | None = Field(None, description="transition whose log rate or log odds changes by effect × dose")
    opens: str | None = Field(None, description="transition that is open while the measure lasts")
    closes: str | None = Field(None, description="transition that nobody can take while the measure lasts")
    capacity: str | None = Field(None, description="status whose capacity is set")
    served_per_day: str | None = Field(None, description="queue status whose service is set")
    effect: Quantity | None = Field(None, description="log multiplier for each unit of dose; unit log")
    set: Quantity | None = Field(None, description="new capacity (people) or service (people per day)")
    multiply: Quantity | None = Field(None, description="factor on capacity or service; unit ratio")
    at: PlaceSelector = Field(default_factory=PlaceSelector, description="places left, or places of the capacity or queue")
    into: PlaceSelector = Field(default_factory=PlaceSelector, description="places entered")
    groups: GroupSelector = Field(default_factory=GroupSelector)
    lag_days: Quantity | None = Field(
        None, description="the effect builds up as 1 − exp(−days/lag) and fades the same way; unit days"
    )


class Cost(Entry):
    """What a measure costs its actor. Exactly one amount."""

    usd: Quantity | None = Field(None, description="total, divided evenly over the measure; unit USD")
    usd_per_day: Quantity | None = Field(None, description="unit USD per day")
    source: str | list[str] | None = None


class Measure(Entry):
    """A dated act of an actor (measures.yaml). One without `acts_on` is on record and has no effect in the model."""

    id: Identifier
    title: str = Field(min_length=1)
    actor: str = Field(min_length=1, description="who acted")
    kind: str = Field(min_length=1, description="interdiction, offer, aid, shelter, relocation, metering, agreement …")
    announced: Date | None = Field(None, description="day on which it was announced; forecasts made from then on expect it")
    from_: Date = Field(alias="from", description="first day in force")
    to: Date | None = Field(None, description="last day in force; none: to the end")
    where: str = Field(min_length=1, description="for the reader")
    dose: Quantity = Field(1.0, description="how much, in units of what `effect` is given for")
    dose_means: str | None = Field(None, description="what one unit of dose is")
    acts_on: list[Action] = Field(default_factory=list)
    cost: Cost | None = None
    agreement: str | None = Field(None, description="id of the agreement that this hangs on")
    note: str | None = None
    source: str | list[str] = Field(description="source id or ids")


class MeasureChange(Entry):
    """What a scenario makes different in a measure of the study. What is not named stays as it is."""

    from_: Date | None = Field(None, alias="from", description="another first day in force")
    to: Date | None = Field(None, description="another last day in force")
    dose: Quantity | None = Field(None, description="another dose, in units of what `effect` is given for")
    where: str | None = Field(None, min_length=1, description="for the reader")
    at: PlaceSelector | None = Field(
        None, description="other places left, or places of the capacity or queue, in all its actions"
    )
    into: PlaceSelector | None = Field(None, description="other places entered, in all its actions")
    acts_on: list[Action] | None = Field(
        None, description="other actions in place of its own; gives an effect to a measure that is only on record"
    )
    cost: Cost | None = Field(None, description="another cost")


class DriverChange(Entry):
    """What a scenario makes different in a driver, at all its places. What its values are held against (`reference`) stays."""

    times: float = Field(gt=0, description="factor on its values")
    from_: Date | None = Field(None, alias="from", description="first day with the factor; none: the study's first")
    to: Date | None = Field(None, description="last day with it; none: to the end")


class AddedMeasure(Measure):
    """A measure that only a scenario has: written as in measures.yaml, but nobody has to have reported it."""

    source: str | list[str] = Field(default_factory=list, description="source id or ids; none for what was never done")


class Scenario(Entry):
    """The study with some measures taken away, added or changed, drivers up or down, or parameters fixed. A YAML file of its own, anywhere
    but in the study."""

    title: str = Field(min_length=1, description="what is different, in a few words for the reader")
    summary: str | None = Field(None, description="why one asks, in two or three sentences")
    off: list[str] = Field(default_factory=list, description="measures that are not taken")
    change: dict[str, MeasureChange] = Field(default_factory=dict, description="measure → what is different about it")
    add: list[AddedMeasure] = Field(
        default_factory=list, description="further measures, written as in measures.yaml; need no source"
    )
    drivers: dict[str, DriverChange] = Field(
        default_factory=dict, description="driver → the factor on its values and the days on which it holds"
    )
    fix: dict[str, float] = Field(
        default_factory=dict, description="parameter → the value it has in this scenario, in its own unit"
    )


class Event(Entry):
    """A scheduled group departure (events.yaml): people leave together at a place and date (M2)."""

    id: Identifier
    title: str = Field(min_length=1)
    date: Date
    days: int = Field(1, ge=1, description="divided evenly over so many days")
    at: str = Field(description="place")
    from_: str = Field(alias="from", description="status left: usually a population or stay")
    to: str = Field(description="status entered at the same place")
    people: Quantity = Field(description="how many; unit people; never more than are there")
    groups: dict[str, float] = Field(description="group → weight; weights are made to sum to 1")
    source: str | list[str] = Field(description="source id or ids")
    note: str | None = None


class Place(Entry):
    """A row of places.csv."""

    id: Identifier
    name: str = Field(min_length=1)
    country: Identifier
    lat: float = Field(ge=-90, le=90, description="degrees north")
    lon: float = Field(ge=-180, le=180, description="degrees east")
    kind: Identifier
    region: Identifier | None = Field(None, description="any grouping useful for outputs and selectors")
    population: float | None = Field(None, ge=0, le=MOST_PEOPLE, description="people")
    source: str | None = Field(None, description="source ids, separated by ;")


class Route(Entry):
    """A row of routes.csv: a way between two places, open in the direction given."""

    from_: str = Field(alias="from")
    to: str
    km: float = Field(gt=0, description="length by road, never shorter than the great circle")
    mode: Identifier
    both_ways: bool = Field(False, description="yes: also open from `to` to `from`")
    source: str | None = Field(None, description="source ids, separated by ;")


class DriverValue(Entry):
    """A row of drivers.csv: a value that holds from its date to the next."""

    date: Date
    place: str = Field(description="place, country, or * for everywhere")
    driver: Identifier
    value: float
    unit: str = Field(min_length=1)
    source: str = Field(min_length=1)


class Observation(Entry):
    """A row of observations.csv: a published number that an output should match (M14).

    Months before the study's first day may be told of an output that a latent term `follows`: nothing is held against them, and
    forecasts learn from them how its series move.
    """

    output: str
    place: str | None = Field(None, description="place, country or region; empty: all")
    group: str | None = Field(None, description="group, citizenship or kind; empty: all")
    from_: Date = Field(
        alias="from",
        description="first day counted; before the study's first day only a whole month of an output that is followed",
    )
    to: Date = Field(description="last day counted")
    value: float | None = Field(None, ge=0, le=MOST_PEOPLE)
    low: float | None = Field(None, ge=0, le=MOST_PEOPLE, description="lower end of a range or of rounding")
    high: float | None = Field(None, ge=0, le=MOST_PEOPLE, description="upper end; empty with low: at least low")
    published: Date = Field(description="day from which the number was known")
    status: Literal["final", "provisional"] = "final"
    source: str = Field(min_length=1)
    note: str | None = None


class Source(Entry):
    """A row of sources.csv."""

    id: Identifier
    publisher: str = Field(min_length=1)
    title: str = Field(min_length=1)
    date: str | None = Field(None, description="of publication, as far as known")
    url: str | None = None
    licence: str | None = None
    accessed: str | None = None


class SeriesValue(Entry):
    """A row of series.csv: a published number that claims are held against, also from before the study's first day."""

    series: Identifier = Field(description="name of the series; claims refer to it")
    part: Identifier | None = Field(None, description="sector, citizenship, country …; empty: the whole")
    from_: Date = Field(alias="from", description="first day counted")
    to: Date = Field(description="last day counted")
    value: float | None = Field(None, ge=0, description="the published number; or give a range by `low` and `high`")
    low: float | None = Field(None, ge=0, description="lower end of a range or of rounding")
    high: float | None = Field(None, ge=0, description="upper end")
    unit: str = Field(min_length=1, description="people, USD …; one unit for a series")
    published: Date = Field(description="day from which the number was known")
    source: str = Field(min_length=1, description="source ids, separated by ;")
    note: str | None = None


class LevelCheck(Entry):
    """A series against its own past."""

    series: str = Field(description="series of series.csv")
    part: str | list[str] | None = Field(None, description="part, or parts to be summed; none: rows without a part")
    from_: Date = Field(alias="from", description="first day that the claim is about")
    to: Date = Field(description="last day that the claim is about")
    direction: Literal["higher", "lower"] = Field(description="what the claim says of these days")
    than: Literal["period_before", "year_before", "all_earlier"] = Field(
        description="the days just before, as many; the same days a year before; all earlier periods as long, one after the other "
        "back from these days (unprecedented)"
    )
    at_least_percent: float = Field(0.0, ge=0, description="by how much at least; percent of the earlier level")


class Point(Entry):
    """A position on the map with its source."""

    name: str = Field(min_length=1, description="what lies there, for sentences")
    lat: float = Field(ge=-90, le=90, description="degrees north")
    lon: float = Field(ge=-180, le=180, description="degrees east")
    within_km: float = Field(0.0, ge=0, description="how far from it the place itself may lie; km")
    source: str | list[str] = Field(description="source id or ids of the position")


class DistanceCheck(Entry):
    """A claimed distance against the way between two places of the study, and against the straight line between two points."""

    from_: str = Field(alias="from", description="place")
    to: str = Field(description="place")
    from_point: Point | None = Field(None, description="where it is, more exactly than the place's own point; none: that point")
    to_point: Point | None = Field(None, description="the same of the other end")
    km: float = Field(gt=0, description="claimed distance in km; a mile is 1.609 km")
    within_percent: float = Field(10.0, gt=0, le=100, description="how far off a claim may be and still count as right; percent")


class AmountCheck(Entry):
    """A claimed number against what was published of an output of the study."""

    output: str = Field(description="output of study.yaml that has rows in observations.csv")
    place: str | None = Field(None, description="place, country or region as in those rows; none: rows without a place")
    group: str | None = Field(None, description="group, citizenship or kind as in those rows; none: rows without a group")
    from_: Date = Field(alias="from", description="first day that the claim is about")
    to: Date = Field(description="last day that the claim is about")
    at_least: float | None = Field(None, ge=0, description="the number is said to be no smaller; people")
    at_most: float | None = Field(None, ge=0, description="the number is said to be no larger; people")


class DollarsCheck(Entry):
    """What a spending measure would have to do, and may do, within some years."""

    measure: str = Field(description="measure with a cost that acts on leaving")
    output: str = Field(description="output of study.yaml that counts those who leave")
    years: list[int] = Field(description="years after its beginning at which to look, from 1 to 50, such as [1, 3, 10]")
    at_least_percent: float = Field(0.0, ge=0, le=100, description="fall in departures that the claim speaks of; percent")


class DocumentedCheck(Entry):
    """Something that happened, against the register of measures and events."""

    register_: list[str] = Field(alias="register", description="ids of measures.yaml or events.yaml that tell of it")
    from_: Date = Field(alias="from", description="earliest day on which it can have begun, by the claim")
    to: Date = Field(description="latest day on which it can have begun, by the claim")
    publishers: int = Field(2, ge=1, le=10, description="different publishers that must tell of it")


class SeriesPart(Entry):
    """A published series, or some of its parts."""

    series: str = Field(description="series of series.csv")
    part: str | list[str] | None = Field(None, description="its part, or parts to be summed; none: rows without a part")


class EffectCheck(Entry):
    """What measures changed in an output: the same draws with and without them, and a design-based estimate from a published series."""

    measures: list[str] = Field(description="ids of measures.yaml that are taken away together")
    output: str | None = Field(
        None,
        description="output of study.yaml; none: the published series alone answers, also for days after the study's last",
    )
    place: str | None = Field(None, description="place, country or region, with `output`; none: all")
    group: str | None = Field(None, description="group, citizenship or kind, with `output`; none: all")
    from_: Date = Field(alias="from", description="first day of the effect that the claim speaks of")
    to: Date = Field(
        description="last day of it; the figures up to then must be published by the day of the question (`--as-of`)"
    )
    direction: Literal["lower", "higher"] = Field(description="what the measures are said to have made the output")
    at_least_percent: float = Field(0.0, ge=0, description="by how much at least; percent of what it would have been")
    series: str | None = Field(
        None, description="series of series.csv with the same meaning by month, for a design-based estimate"
    )
    part: str | list[str] | None = Field(None, description="its part, or parts to be summed; none: rows without a part")
    donors: list[str] = Field(default_factory=list, description="parts of that series that the measures did not touch")
    elsewhere: list[str | SeriesPart] = Field(
        default_factory=list,
        description="parts of that series, or other series, that people may have turned to: is a fall here a rise there?",
    )


class Sum(Entry):
    """One side of a comparison. Exactly one of series, measure."""

    series: str | None = Field(None, description="series of series.csv, summed over the days")
    part: str | list[str] | None = Field(None, description="its part, or parts to be summed; none: rows without a part")
    from_: Date | None = Field(None, alias="from", description="first day; with `series`")
    to: Date | None = Field(None, description="last day; with `series`")
    measure: str | None = Field(None, description="measure whose cost counts, as pledged; unit USD")
    per_year: bool = Field(True, description="true: as much as falls on a year; false: all of it")


class ComparisonCheck(Entry):
    """Two sums in one unit."""

    left: Sum = Field(description="the sum that the claim speaks of")
    right: Sum = Field(description="the sum that it is held against")
    says: Literal["more", "less"] = Field(description="what the claim says of the left sum")
    times: float = Field(1.0, gt=0, description="more than so many times the right sum, or less than that")


class Claim(Entry):
    """A public statement tied to a check (claims.yaml). Exactly one check, which fits the kind, or what would be needed for one."""

    id: Identifier
    says: str = Field(min_length=1, description="the statement, in your own words")
    said_by: str = Field(min_length=1, description="who says it")
    said_on: Date | None = Field(None, description="when it was said")
    kind: ClaimKind = Field(description="docs/CLAIMS.md tells the kinds apart")
    source: str | list[str] | None = Field(None, description="source id or ids of the facts around it")
    comes_from: str | list[str] | None = Field(
        None,
        description="source id or ids where it is said, or from which it takes its numbers: what the same publishers say elsewhere is no "
        "evidence of its own",
    )
    level: LevelCheck | None = Field(None, description="kind level")
    distance: DistanceCheck | None = Field(None, description="kind magnitude")
    amount: AmountCheck | None = Field(None, description="kind magnitude")
    dollars: DollarsCheck | None = Field(None, description="kind magnitude")
    documented: DocumentedCheck | None = Field(None, description="kind event")
    no_act_of: str | None = Field(None, description="kind event: the actor who is said to have done nothing")
    effect: EffectCheck | None = Field(None, description="kind effect")
    comparison: ComparisonCheck | None = Field(None, description="kind comparison")
    not_testable_because: str | None = Field(None, description="kind opinion: why no figure can decide it")
    would_need: str | None = Field(None, description="what figures would be needed; alone, it says that there are none here")
    needed_figures: Literal["exist", "unpublished"] | None = Field(
        None,
        description="with `would_need`: whether those figures exist and were not looked at, or nobody published them as far as was seen; "
        "none: exist",
    )
    looked_through: str | list[str] | None = Field(
        None, description="with `no_act_of`: source id or ids of the records in which acts were looked for"
    )
    note: str | None = Field(None, description="what the reader must know")


FILES: dict[str, Any] = {
    "study.yaml": Study,
    "parameters.yaml": dict[str, Parameter],
    "measures.yaml": list[Measure],
    "events.yaml": list[Event],
    "places.csv": list[Place],
    "routes.csv": list[Route],
    "drivers.csv": list[DriverValue],
    "observations.csv": list[Observation],
    "series.csv": list[SeriesValue],
    "claims.yaml": list[Claim],
    "sources.csv": list[Source],
}
"""Files of a study folder. events.yaml, measures.yaml, drivers.csv, observations.csv, series.csv and claims.yaml may be absent."""

NOT_SIMULATED = ("series.csv", "claims.yaml")
"""Files that no simulation reads: they stay out of the study's hash, so that a new claim does not make old runs strangers."""
