"""Numbers of the study that are worked out from counts published for the time before it begins (October 2017).

Nothing here reads a month after September 2017. `python build_mexico_2018.py --numbers` prints the result; parameters.yaml and
study.yaml carry these numbers by hand, rounded, and a test compares them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.optimize import nnls

from mexico_2018.facts import (
    KINDS,
    NORTHERN_TRIANGLE,
    SECTORS,
    Monthly,
    by_citizenship,
    by_kind,
    by_sector,
    fiscal_year,
    read_rows,
)

STUDY_BEGINS = "2017-10"
BASE_YEAR = 2017

# Medians of priors of priors.csv that the derivations lean on.
CAUGHT_ADULT, CAUGHT_FAMILY_OR_CHILD = 0.657, 0.935
STOPPED_IN_MEXICO, SENT_HOME_BY_MEXICO, TRIES_AGAIN, ADULT_SENT_HOME = 0.303, 0.934, 0.377, 0.844
DEPARTURES_NORTHERN_TRIANGLE = 353_000
ORIGIN_SHARE = {"guatemala": 0.489, "honduras": 0.343, "el_salvador": 0.152}

# Judgements, named as such in parameters.yaml.
FAMILY_STOPPED_RATIO = 0.6
INADMISSIBLE_WHO_CLAIM_FEAR = 0.5
ADULT_TO_PORT, MEXICAN_ADULT_TO_PORT, OTHER_TO_PORT = 0.05, 0.01, 0.4
MEXICAN_CHILD_SENT_HOME = 0.9
STAY_DAYS = 3.0
STOPPED_AT_CROSSING = 0.03
STOPPED_IN_THE_SOUTH_PART = 0.52
CLAIM_REFUGE = 0.0423


def derived_numbers(facts: Path) -> dict[str, dict[str, float]]:
    """All numbers worked out here: name → {key: number}."""
    numbers = seasons(facts) | persistence(facts) | sector_shares(facts) | sector_swings(facts)
    numbers |= interdiction() | departures(facts) | port_shares(facts) | composition(facts)
    return numbers


def seasons(facts: Path) -> dict[str, dict[str, float]]:
    """Log factors of the months in which people leave: those of arrivals at the border, moved back by the time of travel.

    Arrivals: mean log deviation from the centred mean of 12 months; all sectors from October 1999 for Mexico (most people
    came from there until 2011), counts by citizenship from October 2011 for the Northern Triangle.
    """
    totals = {month: sum(sectors.values()) for month, sectors in by_sector(facts).items() if month < STUDY_BEGINS}
    counts = by_citizenship(facts)
    triangle = {m: sum(counts[c][m] for c in NORTHERN_TRIANGLE) for m in counts["guatemala"] if m < STUDY_BEGINS}
    return {
        "season_mexico": _by_month(_moved_back(_month_factors(totals)[0], 7 / 30)),
        "season_northern_triangle": _by_month(_moved_back(_month_factors(triangle)[0], 21 / 30)),
        "season_northern_triangle_standard_error": _by_month(_month_factors(triangle)[1]),
    }


def persistence(facts: Path) -> dict[str, dict[str, float]]:
    """First-order autoregression of monthly log counts net of season, October 2011 to September 2017."""
    counts = {name: {m: n for m, n in series.items() if m < STUDY_BEGINS} for name, series in by_citizenship(facts).items()}
    kinds = by_kind(facts)
    triangle = {m: sum(counts[c][m] for c in NORTHERN_TRIANGLE) for m in counts["guatemala"]}
    result = {"northern_triangle": _autoregression(_logs(triangle), _season_of(triangle))}
    for citizenship in NORTHERN_TRIANGLE:
        share = {m: n / triangle[m] for m, n in counts[citizenship].items()}
        result[f"{citizenship}_share"] = _autoregression(_logs(share))
    for citizenship in ("mexico", "other"):
        result[citizenship] = _autoregression(_logs(counts[citizenship]), _season_of(counts[citizenship]))
    for kind in ("family", "child"):
        for since in ("2011-10", "2014-10"):
            share = {m: kinds[kind][m] / triangle[m] for m in triangle if m >= since}
            result[f"{kind}_share_since_{since[:4]}"] = _autoregression(_logs(share))
    return {
        "persistence": {name: values[0] for name, values in result.items()},
        "monthly_sd": {name: values[1] for name, values in result.items()},
    }


def sector_shares(facts: Path) -> dict[str, dict[str, float]]:
    """Where Mexicans, and adults, families and children of other citizenships, were met: shares of the nine sectors, fiscal year 2017.

    No table crosses sector with citizenship. Monthly sector totals of October 2013 to September 2017 are regressed without
    negative coefficients on Mexicans and all others; this start is fitted to the year's margins (sector by kind, kind by citizenship).
    """
    counts, citizens = by_sector(facts), by_citizenship(facts)
    months = [m for m in counts if "2013-10" <= m < STUDY_BEGINS]
    mexicans = np.array([citizens["mexico"][m] for m in months], dtype=float)
    rest = np.array([sum(counts[m].values()) for m in months]) - mexicans
    start = np.array(
        [nnls(np.stack([mexicans, rest], 1), np.array([counts[m][s] for m in months], dtype=float))[0] for s in SECTORS]
    )
    table = _kinds_of_base_year(facts)
    all_of_sector = {s: sum(counts[m][s] for m in counts if fiscal_year(m) == BASE_YEAR) for s in SECTORS}
    shares: dict[str, dict[str, float]] = {}
    everyone_mexican = np.zeros(len(SECTORS))
    for kind in ("adult", "family", "child"):
        of_sector = np.array([_of_kind(table, s, "total", kind, all_of_sector[s]) for s in SECTORS])
        mexican = _of_kind(table, "southwest_border", "mexico", kind, _fiscal_total(citizens["mexico"]))
        fitted = _fit_margins(start, of_sector, np.array([mexican, of_sector.sum() - mexican]))
        everyone_mexican += fitted[:, 0]
        shares[f"sector_share_{kind}"] = _shares(dict(zip(SECTORS, fitted[:, 1], strict=True)))
    shares["sector_share_mexico"] = _shares(dict(zip(SECTORS, everyone_mexican, strict=True)))
    return shares


def sector_swings(facts: Path) -> dict[str, dict[str, float]]:
    """Standard deviation of the yearly change of the log share of each sector, fiscal years 2012 to 2017."""
    counts = by_sector(facts)
    swings = {}
    for sector in SECTORS:
        share = []
        for year in range(2012, BASE_YEAR + 1):
            months = [m for m in counts if fiscal_year(m) == year]
            share.append(sum(counts[m][sector] for m in months) / sum(sum(counts[m].values()) for m in months))
        swings[sector] = float(np.diff(np.log(share)).std(ddof=1))
    return {"sector_share_yearly_sd": swings}


def interdiction() -> dict[str, dict[str, float]]:
    """Daily hazards in Mexico that give the prior share of transits stopped, and the prior share that claims refuge.

    52 % of the stops happen at the crossing or in the south; a stay in the south and one on the way last STAY_DAYS each.
    """
    by_the_south = STOPPED_IN_THE_SOUTH_PART * STOPPED_IN_MEXICO
    in_south = 1 - (1 - by_the_south) / (1 - STOPPED_AT_CROSSING)
    on_way = 1 - (1 - STOPPED_IN_MEXICO) / (1 - by_the_south)
    go_on = 1 / STAY_DAYS
    claim = CLAIM_REFUGE / (1 - STOPPED_AT_CROSSING)
    stop_south = in_south / (1 - in_south - claim) * go_on
    return {
        "interdiction": {
            "go_on_per_day": go_on,
            "in_south_per_day": stop_south,
            "on_way_per_day": on_way / (1 - on_way) * go_on,
            "claim_refuge_per_day": claim / (1 - in_south - claim) * go_on,
        }
    }


def stopped_by_kind(ratio: float, weights: dict[str, float]) -> dict[str, float]:
    """Share stopped in Mexico by kind, when families and children meet `ratio` times the adults' hazard and all together the prior's."""
    cumulative = -np.log(1 - STOPPED_IN_MEXICO)
    mean_factor = weights["adult"] + ratio * (1 - weights["adult"])
    return {kind: 1 - float(np.exp(-cumulative / mean_factor * (1 if kind == "adult" else ratio))) for kind in weights}


def departures(facts: Path) -> dict[str, dict[str, float]]:
    """People who leave in a year: the literature's for the Northern Triangle; for Mexicans and others from the two last fiscal years.

    Mexicans: the people behind the counts of fiscal year 2017 (see `composition`), scaled to the geometric mean of 2016 and 2017.
    """
    citizens = by_citizenship(facts)
    mean = {
        c: float(np.sqrt(_fiscal_total(citizens[c], BASE_YEAR - 1) * _fiscal_total(citizens[c]))) for c in ("mexico", "other")
    }
    mexicans = sum(_people_behind(facts, "mexico", dict.fromkeys(("adult", "family", "child"), 0.0)).values())
    per_person = CAUGHT_ADULT / (1 - CAUGHT_ADULT * ADULT_SENT_HOME * TRIES_AGAIN)
    stopped_for_good = STOPPED_IN_MEXICO * 0.5
    result = {c: DEPARTURES_NORTHERN_TRIANGLE * share for c, share in ORIGIN_SHARE.items()}
    result["mexico"] = mexicans * mean["mexico"] / _fiscal_total(citizens["mexico"])
    result["other"] = mean["other"] / per_person / (1 - stopped_for_good) / (1 - OTHER_TO_PORT)
    logs = {c: np.log([_fiscal_total(citizens[c], year) for year in range(2012, BASE_YEAR + 1)]) for c in mean}
    return {"departures_per_year": result, "yearly_change_sd": {c: float(np.diff(x).std(ddof=1)) for c, x in logs.items()}}


def port_shares(facts: Path) -> dict[str, dict[str, float]]:
    """Of families and children who reach the border, those who go to a port and claim fear; and families at ports by field office."""
    inadmissible, table = _inadmissible(facts), _kinds_of_base_year(facts)
    shares: dict[str, float] = {}
    for citizenship in (*NORTHERN_TRIANGLE, "mexico"):
        for kind in ("family", "child"):
            at_ports = INADMISSIBLE_WHO_CLAIM_FEAR * inadmissible[citizenship][kind]
            between = table["southwest_border", citizenship][kind] / CAUGHT_FAMILY_OR_CHILD
            shares[f"{citizenship}_{kind}"] = at_ports / (at_ports + between)
    triangle = {kind: [INADMISSIBLE_WHO_CLAIM_FEAR * sum(inadmissible[c][kind] for c in NORTHERN_TRIANGLE),
                       sum(table["southwest_border", c][kind] for c in NORTHERN_TRIANGLE) / CAUGHT_FAMILY_OR_CHILD]
                for kind in ("family", "child")}  # fmt: skip
    shares |= {f"northern_triangle_{kind}": ports / (ports + between) for kind, (ports, between) in triangle.items()}
    families = {row["field_office"]: float(row["count"]) for row in _inadmissible_rows(facts) if row["citizenship"] == "all"}
    offices = ("san_diego", "tucson", "el_paso", "laredo")
    return {"port_share": shares, "families_by_field_office": _shares({office: families[office] for office in offices})}


def composition(facts: Path) -> dict[str, dict[str, float]]:
    """Adults, families and children among those who leave, and the share of each that Mexico stops at the prior's median."""
    citizens, table = by_citizenship(facts), _kinds_of_base_year(facts)
    weights = {"adult": 0.5, "family": 0.3, "child": 0.2}
    people: dict[str, dict[str, float]] = {}
    for _ in range(20):
        stopped = stopped_by_kind(FAMILY_STOPPED_RATIO, weights)
        people = {c: _people_behind(facts, c, stopped) for c in NORTHERN_TRIANGLE}
        weights = _shares({kind: sum(people[c][kind] for c in NORTHERN_TRIANGLE) for kind in weights})
    people["mexico"] = _people_behind(facts, "mexico", dict.fromkeys(weights, 0.0))
    named = (*NORTHERN_TRIANGLE, "mexico")
    border = table["southwest_border", "total"]
    met = {kind: border[kind] - sum(table["southwest_border", c][kind] for c in named) for kind in ("family", "child")}
    met["adult"] = _fiscal_total(citizens["other"]) - met["family"] - met["child"]
    people["other"] = {kind: met[kind] / _caught(kind) / (1 - stopped[kind] / 2) for kind in weights}
    result = {f"composition_{citizenship}": _shares(kinds) for citizenship, kinds in people.items()}
    adult_factor = 1 / (weights["adult"] + FAMILY_STOPPED_RATIO * (1 - weights["adult"]))
    result["stopped_in_mexico"] = stopped | {"adult_hazard_factor": adult_factor}
    return result


def _people_behind(facts: Path, citizenship: str, stopped: dict[str, float]) -> dict[str, float]:
    """People who left, by kind, behind those whom the Border Patrol and the ports met in fiscal year 2017.

    Counts are divided by the chance of being caught, by the mean number of attempts, and by the chance of getting through Mexico.
    """
    table, everybody = _kinds_of_base_year(facts), _fiscal_total(by_citizenship(facts)[citizenship])
    people = {}
    for kind in ("adult", "family", "child"):
        sent_home = (
            ADULT_SENT_HOME if kind == "adult" else MEXICAN_CHILD_SENT_HOME if (kind, citizenship) == ("child", "mexico") else 0.0
        )
        met = _of_kind(table, "southwest_border", citizenship, kind, everybody)
        people[kind] = met / _caught(kind) * (1 - _caught(kind) * sent_home * TRIES_AGAIN)
        if kind == "adult":
            people[kind] /= 1 - (ADULT_TO_PORT if citizenship != "mexico" else MEXICAN_ADULT_TO_PORT)
        else:
            people[kind] += INADMISSIBLE_WHO_CLAIM_FEAR * _inadmissible(facts)[citizenship][kind]
        people[kind] *= (1 - stopped[kind] * SENT_HOME_BY_MEXICO * TRIES_AGAIN) / (1 - stopped[kind])
    return people


def _caught(kind: str) -> float:
    return CAUGHT_ADULT if kind == "adult" else CAUGHT_FAMILY_OR_CHILD


def _kinds_of_base_year(facts: Path) -> dict[tuple[str, str], dict[str, int]]:
    """(area, citizenship) → kind → people met by the Border Patrol in fiscal year 2017; totals of the border are sums of the sectors."""
    table: dict[tuple[str, str], dict[str, int]] = {}
    for row in read_rows(facts, "usbp_demographic_by_country_or_sector.csv"):
        if (row["month_from"], row["month_to"]) == ("2016-10", "2017-09"):
            table.setdefault((row["area"], row["citizenship"]), {})[KINDS[row["demographic"]]] = int(row["apprehensions"])
    total = {kind: sum(table[sector, "total"][kind] for sector in SECTORS) for kind in ("family", "child")}
    table["southwest_border", "total"] = total
    return table


def _of_kind(table: dict[tuple[str, str], dict[str, int]], area: str, citizenship: str, kind: str, everyone: float) -> float:
    known = table[area, citizenship]
    return float(everyone - known["family"] - known["child"] if kind == "adult" else known[kind])


def _inadmissible_rows(facts: Path) -> list[dict[str, str]]:
    rows = read_rows(facts, "us_swb_ofo_inadmissibles_annual.csv")
    wanted = [r for r in rows if r["fiscal_year"] == str(BASE_YEAR) and "earlier release" not in r["basis"]]
    return [r for r in wanted if r["demographic"] == "family_unit_member"]


def _inadmissible(facts: Path) -> dict[str, dict[str, int]]:
    """Citizenship → kind → people found inadmissible at Southwest ports in fiscal year 2017 (the later release)."""
    found: dict[str, dict[str, int]] = {}
    for row in read_rows(facts, "us_swb_ofo_inadmissibles_annual.csv"):
        usual = row["fiscal_year"] == str(BASE_YEAR) and row["field_office"] == "total" and "earlier release" not in row["basis"]
        if usual and row["citizenship"] != "all" and row["demographic"] in KINDS:
            found.setdefault(row["citizenship"], {})[KINDS[row["demographic"]]] = int(row["count"])
    return found


def _fiscal_total(series: Monthly, year: int = BASE_YEAR) -> int:
    return sum(count for month, count in series.items() if fiscal_year(month) == year)


def _logs(series: dict[str, float] | Monthly) -> tuple[list[str], np.ndarray]:
    months = sorted(series)
    return months, np.log([series[month] for month in months])


def _month_factors(series: Monthly) -> tuple[np.ndarray, np.ndarray]:
    """Mean log deviation from the centred mean of 12 months, by calendar month, and its standard error."""
    months, logs = _logs(series)
    window = np.ones(13)
    window[[0, -1]] = 0.5
    deviation = logs[6:-6] - np.convolve(logs, window / 12, "valid")
    calendar = np.array([int(month[5:]) for month in months])[6:-6]
    parts = [deviation[calendar == number] for number in range(1, 13)]
    factors = np.array([part.mean() for part in parts])
    return factors - factors.mean(), np.array([part.std(ddof=1) / len(part) ** 0.5 for part in parts])


def _season_of(series: Monthly) -> np.ndarray:
    return _month_factors(series)[0]


def _moved_back(factors: np.ndarray, months: float) -> np.ndarray:
    """Factors of leaving, when arrivals come `months` (0–1) later; a year's mean is left as it is."""
    moved = (1 - months) * factors + months * np.roll(factors, -1)
    return moved - np.log(np.exp(moved).mean())


def _autoregression(series: tuple[list[str], np.ndarray], season: np.ndarray | None = None) -> tuple[float, float]:
    months, logs = series
    if season is not None:
        logs = logs - season[[int(month[5:]) - 1 for month in months]]
    rest = logs - logs.mean()
    persistence = float(rest[1:] @ rest[:-1] / (rest[:-1] @ rest[:-1]))
    return persistence, float((rest[1:] - persistence * rest[:-1]).std(ddof=1))


def _fit_margins(start: np.ndarray, of_row: np.ndarray, of_column: np.ndarray) -> np.ndarray:
    """Iterative proportional fitting (Deming & Stephan 1940) of a table to its margins."""
    table = start * of_column / start.sum(axis=0)
    for _ in range(500):
        table = table * (of_row / table.sum(axis=1))[:, None]
        table = table * (of_column / table.sum(axis=0))
    return table


def _shares(values: dict[str, float]) -> dict[str, float]:
    total = sum(values.values())
    return {name: value / total for name, value in values.items()}


def _by_month(factors: np.ndarray) -> dict[str, float]:
    names = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    return dict(zip(names, (float(x) for x in factors), strict=True))
