"""parameters.yaml of mexico-border-2011: priors from the counts before the study, from the literature, or marked as assumptions."""

from __future__ import annotations

import math

from mexico_2018.facts import SECTORS

from mexico_border_2011.derived import COUNTED_AGAINST, HALVES_MEET, WHOLE_SHARE_OF_OWN, waves
from mexico_border_2011.tables import NOMINAL_POOL

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

APPREHENDED = 0.657
"""Share apprehended of those who try: median of p_app_evaders of priors.csv. Only its product with leaving shows in any figure."""

SHARE_OF_MEXICO = 0.85
"""Most people whom the Border Patrol met in 2011 were Mexican; the facts hold no count by citizenship before the study. An assumption."""

HEAD = """\
# Written by studies_src/build_mexico_border_2011.py; change it there. Numbers called derived come from counts by sector from October 1999
# to September 2011, before the study begins: the study's own figures are left to `fit`.

"""

Numbers = dict[str, dict[str, float]]


def parameters_text(numbers: Numbers) -> str:
    """The file, as text."""
    return HEAD + "\n".join([*_levels(numbers), *_moves(numbers), *_seasons(numbers), *_others()])


def _entry(name: str, title: str, unit: str, prior: str, basis: str, note: str, source: str = "usbp_monthly") -> str:
    lines = [f"{name}:", f"  title: {title}", f"  unit: {unit}", f"  prior: {{{prior}}}", f"  basis: {basis}"]
    lines += [f"  source: {source}"] if basis != "assumption" else []
    return "\n".join([*lines, f"  note: {note}", ""])


def _levels(numbers: Numbers) -> list[str]:
    people = numbers["people_per_month"]["all"]
    # people divide evenly over the sectors before each sector's draw raises or lowers its part
    evenly = len(SECTORS) / sum(math.exp(draw) for draw in numbers["draw"].values())
    per_month = people * SHARE_OF_MEXICO / APPREHENDED / NOMINAL_POOL * evenly
    entries = [
        _entry(
            "leaving_mexico",
            "People who would set out from Mexico, of a nominal pool of a billion, if every sector drew as Tucson did",
            "per month",
            f"lognormal: {{median: {per_month:.3g}, sigma: 0.3}}",
            "derived",
            f"{people:,.0f} people apprehended a month from October 2010 to September 2011, {SHARE_OF_MEXICO:g} of them taken as "
            f"Mexican, {APPREHENDED:g} of those who try taken as apprehended; times "
            f"{evenly:.2f}, since the draws of the sectors lower it to that",
        )
    ]
    for country, share in (("guatemala", 0.04), ("honduras", 0.04), ("el_salvador", 0.03), ("other", 0.04)):
        entries.append(
            _entry(
                f"leaving_ratio_{country}",
                f"People who set out, over those from Mexico, {country.replace('_', ' ')}",
                "ratio",
                f"fixed: {share / SHARE_OF_MEXICO:.3f}",
                "assumption",
                "the fact tables hold no count by citizenship before the study; the first latent month of the country moves it by a third",
            )
        )
    for sector in SECTORS:
        if sector == COUNTED_AGAINST:
            continue
        entries.append(
            _entry(
                f"draw_of_{sector}",
                f"Draw of the sector against Tucson, on the log scale, {sector.replace('_', ' ')}",
                "log",
                f"normal: {{mean: {numbers['draw'][sector]:.2f}, sd: 0.2}}",
                "derived",
                "log of its count over that of Tucson, October 2010 to September 2011; the width is a judgement",
            )
        )
    return entries


def _moves(numbers: Numbers) -> list[str]:
    together, lasting = numbers["spread"]["together"], numbers["spread"]["lasting"]
    uncertain = numbers["spread"]["of_two_years"]
    words = (
        "root mean square of month-to-month steps of log counts less the season, October 1999 to September 2011; the width is that between "
        "stretches of two years"
    )
    entries = [
        _entry(
            "persistence",
            "What is left of a latent term after a month",
            "ratio",
            "fixed: 0.985",
            "assumption",
            "nearly a random walk, as the counts from October 1999 to September 2011 look; half is left after four years",
        ),
        _entry(
            "spread_together",
            "New part of a month that all countries share",
            "log",
            f"lognormal: {{median: {together:.3f}, sigma: {uncertain:.2f}}}",
            "derived",
            f"of the total, {words}, restless times included",
        ),
        _entry(
            "spread_by_country",
            "New part of a month for each country",
            "log",
            "fixed: 0.05",
            "assumption",
            "the fact tables hold no count by citizenship before the study; half of what is shared",
        ),
    ]
    for name in SECTORS:
        entries.append(
            _entry(
                f"spread_{name}",
                f"New part of a month in the draw of the sector, {name.replace('_', ' ')}",
                "log",
                f"lognormal: {{median: {numbers['sector_spread'][name]:.3f}, sigma: {uncertain:.2f}}}",
                "derived",
                f"of the sector against the total, {words}; sectors that moved most before 2006 "
                f"did so after it too (correlation {lasting:.2f})",
            )
        )
    return entries


def _seasons(numbers: Numbers) -> list[str]:
    lasting, change, own_change = (numbers["season"][name] for name in ("lasting", "change", "own_change"))
    seen = numbers["season"]["seen_lasting"]
    shrunk = (
        f"mean log deviation from the centred mean of twelve months, 1999-2011, times {lasting:.2f}; {seen:.2f} of the season before "
        f"{HALVES_MEET} was left six years later, and the middle of the study lies ten years later"
    )
    entries = [
        _entry(
            f"season_{month}",
            f"Season common to all sectors, {month}",
            "log",
            f"normal: {{mean: {numbers['common_season'][str(number)]:.3f}, sd: {change:.3f}}}",
            "derived",
            f"{shrunk}; the width is the change between those times, carried on",
        )
        for number, month in enumerate(MONTHS, start=1)
    ]
    # four waves of equal width give each month of a sector the variance 2 sd²
    sd = own_change / 2**0.5
    for wave in waves():
        for sector in SECTORS:
            entries.append(
                _entry(
                    f"{wave}_{sector}",
                    f"Season of the sector's own, {wave.replace('_', ' ')}, {sector.replace('_', ' ')}",
                    "log",
                    f"normal: {{mean: {numbers[f'own_{wave}'][sector]:.3f}, sd: {sd:.3f}}}",
                    "derived",
                    f"of what the sector's season differs from the common one, times {lasting:.2f} and "
                    f"{WHOLE_SHARE_OF_OWN:g}; the width gives "
                    f"a month the change seen between 1999-2005 and 2006-2011, carried on ({own_change:.3f})",
                )
            )
    return entries


def _others() -> list[str]:
    return [
        _entry(
            "homicide_effect",
            "Effect of homicides on leaving home (elasticity)",
            "log",
            "normal: {mean: 0.3, sd: 0.2128}",
            "literature",
            "one study finds 0.35-0.40 for children over six years; others find the opposite sign for Guatemala and Mexico",
            "[clemens_2017, afp_al_hayat_2015_2016, alvarado_massey_2010]",
        ),
        _entry(
            "apprehended_share",
            "People apprehended, of those who try to cross between ports",
            "share",
            f"fixed: {APPREHENDED:g}",
            "literature",
            "middle of the department's range for 2016, 0.55 to 0.85. Held fixed since only its product with leaving shows in the figures, "
            "and the level of leaving is uncertain",
            "[dhs_ois_2017_09, wola_defense_oversight_clip_2017_09, cis, cns_news_gopbriefingroom]",
        ),
        _entry(
            "expelled_share",
            "People expelled at once under the Title 42 order, of those apprehended, while it is in force",
            "share",
            "beta: {alpha: 6, beta: 2}",
            "assumption",
            "most adults were; no figure in the fact tables tells expulsions apart",
        ),
        _entry(
            "tries_again_per_day",
            "People who try again after an expulsion, per day",
            "per day",
            "lognormal: {median: 0.01, sigma: 0.7}",
            "assumption",
            "an expulsion has no other consequence; about a quarter within a month",
        ),
        _entry(
            "gives_up_per_day",
            "People who give up after an expulsion, per day",
            "per day",
            "lognormal: {median: 0.02, sigma: 0.7}",
            "assumption",
            "no figure seen",
        ),
        _entry(
            "title_42_effect",
            "Effect of the closed border of spring 2020 on leaving home",
            "log",
            "normal: {mean: -0.5, sd: 0.5}",
            "assumption",
            "travel stopped in most countries of the corridor at the same time; the effect of the order alone cannot be told apart",
        ),
        _entry(
            "week_speed",
            "Kilometres a day on the way to the border",
            "km per day",
            "fixed: 600",
            "assumption",
            "the way takes one or two weekly steps; the month in which people leave is not told apart from that in which they arrive",
        ),
        _entry(
            "counting_dispersion",
            "Spread of a sector's count beyond the latent months, variance over mean squared",
            "ratio",
            "fixed: 0.001",
            "assumption",
            "a standard deviation of three percent; the agency counts its own acts, and first releases differ by a few people",
        ),
    ]
