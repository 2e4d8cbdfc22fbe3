"""parameters.yaml of americas-2018: priors from the counts before the study, from the literature, or marked as assumptions."""

from __future__ import annotations

from americas_2018.facts import GROUPS, THROUGH_DARIEN
from americas_2018.tables import NOMINAL_POOL

APPREHENDED = 0.657
"""Share apprehended of those who try: median of p_app_evaders of priors.csv. Only its product with leaving shows in any figure."""

STOPPED = 0.303
"""Share of those who cross Mexico who are presented to its authority: p_INM_detained_per_transit of priors.csv, beta(9.41, 21.17)."""

RETURNED = 0.934
"""Share of those presented who are sent home: p_returned_given_detained_preDec2018 of priors.csv, beta(25.84, 2.11)."""

CUBAN_OVER_LAND = 0.4
"""Share of Cubans who come through Darién, and not round it. An assumption."""

STOPPED_OF_FARTHER, RETURNED_OF_FARTHER = 0.5, 0.2
"""The same two shares for people of Haiti, Africa and Asia. Assumptions, with wide priors."""

TITLES = {"cuba": "Cuba", "farther": "Haiti, Africa and Asia"}
US_SOURCE, DARIEN_SOURCE, HONDURAS_SOURCE = "ohss_workbook_2024_11", "panama_darien", "honduras_inm"
CARAVAN = "east_bay_times_2018_11_14"
EMIF = "[upmrip_emif_sur_2010_2010, mit_civic_data_design_2021_11]"

HEAD = """\
# Written by studies_src/build_americas_2018.py; change it there. Numbers called derived come from counts of 2010 to 2017, before the study
# begins: the study's own figures are left to `fit`.

"""

Numbers = dict[str, dict[str, float]]


def parameters_text(numbers: Numbers) -> str:
    """The file, as text."""
    return HEAD + "\n".join([*_leaving(numbers), *_ways(numbers), *_speeds(), *_expulsions(), *_counting()])


def _entry(name: str, title: str, unit: str, prior: str, basis: str, note: str, source: str = "") -> str:
    lines = [f"{name}:", f"  title: {title}", f"  unit: {unit}", f"  prior: {{{prior}}}", f"  basis: {basis}"]
    lines += [f"  source: {source}"] if source else []
    return "\n".join([*lines, f"  note: {note}", ""])


def _leaving(numbers: Numbers) -> list[str]:
    entries = []
    for group in GROUPS:
        if group == "cuba":
            counted = numbers["through_darien"][group] / 12
            per_month, source = counted / CUBAN_OVER_LAND, DARIEN_SOURCE
            note = f"{counted:,.0f} people a month counted in Darién in 2017, {CUBAN_OVER_LAND:g} of those who come taken as going that way"
        else:
            counted, reached = numbers["per_month"][group], _share_counted_at_the_line(group)
            per_month, source = counted / reached, US_SOURCE
            note = f"{counted:,.0f} people apprehended a month in 2017, {reached:.2f} of those who leave taken as apprehended"
        entries.append(
            _entry(
                f"leaving_{group}",
                f"People who set out, of a nominal pool of a billion, {_title(group)}",
                "per month",
                f"lognormal: {{median: {per_month / NOMINAL_POOL:.3g}, sigma: 0.3}}",
                "derived",
                note,
                source,
            )
        )
    entries.append(
        _entry(
            "persistence",
            "What is left of a latent term after a month",
            "ratio",
            "fixed: 0.97",
            "assumption",
            "near a random walk; half is left after two years",
        )
    )
    for group in GROUPS:
        cuban = "of the yearly counts in Darién, 2010 to 2017, brought to months as of a random walk"
        others = "root mean square of month-to-month steps of log counts of the Border Patrol, October 2011 to December 2017"
        entries.append(
            _entry(
                f"monthly_sd_{group}",
                f"New part of a month in leaving, {_title(group)}",
                "log",
                f"lognormal: {{median: {numbers['monthly_sd'][group]:.3f}, sigma: {numbers['of_two_years']['all']:.2f}}}",
                "derived",
                f"{cuban if group == 'cuba' else others}; the width is that between stretches of two years",
                DARIEN_SOURCE if group == "cuba" else US_SOURCE,
            )
        )
    return entries


def _share_counted_at_the_line(group: str) -> float:
    """Share of those who set out whom the Border Patrol counts, at the priors' middles."""
    if group == "mexico":
        return APPREHENDED
    stopped, returned = (STOPPED_OF_FARTHER, RETURNED_OF_FARTHER) if group == "farther" else (STOPPED, RETURNED)
    return APPREHENDED * (1 - stopped * returned)


def _ways(numbers: Numbers) -> list[str]:
    counted, farther = numbers["through_darien"]["farther"] / 12, numbers["per_month"]["farther"]
    over_land = counted / (farther / _share_counted_at_the_line("farther"))
    entries = [
        _entry(
            "through_darien_cuba",
            "People who go through Darién, of those who come from the south, Cuba",
            "share",
            f"beta: {{alpha: {5 * CUBAN_OVER_LAND:g}, beta: {5 * (1 - CUBAN_OVER_LAND):g}}}",
            "assumption",
            "others fly or sail past it; no figure seen of how many",
        ),
        _entry(
            "through_darien_farther",
            "People who go through Darién, of those who set out, Haiti, Africa and Asia",
            "share",
            f"beta: {{alpha: {8 * over_land:.2f}, beta: {8 * (1 - over_land):.2f}}}",
            "derived",
            f"{counted:,.0f} a month through Darién in 2017 beside {farther:,.0f} apprehended in the United States; "
            "the width is a judgement",
            f"[{DARIEN_SOURCE}, {US_SOURCE}]",
        ),
        _entry(
            "round_by_honduras_cuba",
            "People who come by Honduras, of those who do not go through Darién, Cuba",
            "share",
            "beta: {alpha: 4, beta: 1}",
            "assumption",
            "the others fly on to Mexico",
        ),
        _entry(
            "round_by_honduras_farther",
            "People who come by Honduras, of those who do not go through Darién, Haiti, Africa and Asia",
            "share",
            "beta: {alpha: 1, beta: 4}",
            "assumption",
            "most fly on to Mexico",
        ),
    ]
    entries.append(
        _entry(
            "registered_share",
            "People registered on entering Honduras, of those who enter from the south",
            "share",
            "beta: {alpha: 6, beta: 2}",
            "assumption",
            "registration gives a permit to go on, so most seek it; no figure seen of how many do not",
        )
    )
    literature = (
        "[cato_2019_09_23, s_19fortyfive_cato_2021_03, el_mundo_el_salvador_2019_05, el_manana_2019_06]",
        "middle and width of the share of Central Americans who were presented in 2018, 0.18 to 0.45",
    )
    for group in GROUPS[:-1]:
        south = group in THROUGH_DARIEN
        entries.append(
            _entry(
                f"stopped_share_{group}",
                f"People presented to Mexico's migration authority, of those who cross Mexico, {_title(group)}",
                "share",
                "beta: {alpha: 2, beta: 2}" if south else "beta: {alpha: 9.41, beta: 21.17}",
                "assumption" if south else "literature",
                "no figure seen; many sought a permit to leave, which begins with being presented" if south else literature[1],
                "" if south else literature[0],
            )
        )
    entries += [
        _entry(
            "stopped_sd",
            "New part of a month in the odds of being presented in Mexico, each citizenship",
            "log",
            "lognormal: {median: 0.15, sigma: 0.4}",
            "assumption",
            "effort and ways change from month to month; a fit learns how much",
        ),
        _entry(
            "registered_sd",
            "New part of a month in the odds of being registered in Honduras",
            "log",
            "lognormal: {median: 0.15, sigma: 0.4}",
            "assumption",
            "as for Mexico",
        ),
        _entry(
            "enforcement_effect",
            "Effect of the agreement of June 2019 on the odds of being presented in Mexico",
            "log",
            "normal: {mean: 0.5878, sd: 0.1749}",
            "literature",
            "detentions rose by 86 to 92 percent in three earlier surges and the National Guard's first weeks; taken for the odds, "
            "a little less than the same for the count",
            "[washington_post_2015_06_22, cairco_org_daily_mexican_2019_07, el_heraldo_hn_2018_10]",
        ),
        _entry(
            "returned_share",
            "People sent home, of those presented in Mexico, Northern Triangle",
            "share",
            "beta: {alpha: 25.84, beta: 2.11}",
            "literature",
            "827,945 of 870,309 from 2011 to 2018; the share that goes on is small, and no series tells it from the share presented",
            "el_economista_rioaxaca_inm_2011",
        ),
        _entry(
            "returned_share_farther",
            "People sent home, of those presented in Mexico, Cuba, Haiti, Africa and Asia",
            "share",
            f"beta: {{alpha: {8 * RETURNED_OF_FARTHER:g}, beta: {8 * (1 - RETURNED_OF_FARTHER):g}}}",
            "assumption",
            "of most of these countries few were returned; a fit learns it only together with the shares presented and apprehended",
        ),
        _entry(
            "apprehended_share",
            "People apprehended, of those who try to cross between ports",
            "share",
            f"fixed: {APPREHENDED:g}",
            "literature",
            "middle of the department's range for 2016, 0.55 to 0.85. Held fixed since only its product with leaving shows in the figures",
            "[dhs_ois_2017_09, wola_defense_oversight_clip_2017_09, cis, cns_news_gopbriefingroom]",
        ),
    ]
    return entries


def _speeds() -> list[str]:
    whole = "21 days in the middle from the Northern Triangle to the border, with a guide and without, for 2,500 km"
    caravan = "the speed of the caravan's main body, 1,725 miles by its 31st day; the width is a judgement"
    rows = (
        ("speed_to_mexico", "Kilometres a day from home to the south of Mexico, Northern Triangle", 120, 0.5, "derived", whole, EMIF),
        ("speed_through_mexico", "Kilometres a day from the south of Mexico to the United States", 120, 0.5, "derived", whole, EMIF),
        ("speed_to_honduras", "Kilometres a day from Darién to Honduras", 92, 0.5, "derived", caravan, CARAVAN),
        ("speed_honduras_to_mexico", "Kilometres a day from the south of Honduras to Mexico", 92, 0.5, "derived", caravan, CARAVAN),
        (
            "speed_after_presented", "Kilometres a day to the United States after being presented in Mexico, of those not sent home",
            54, 0.6, "assumption", "five weeks in custody, waiting for a permit and on the way north", "",
        ),
    )  # fmt: skip
    entries = [
        _entry(name, title, "km per day", f"lognormal: {{median: {median}, sigma: {sigma}}}", basis, note, source)
        for name, title, median, sigma, basis, note, source in rows
    ]
    entries.append(
        _entry(
            "week_speed",
            "Kilometres a day to the first place where people are counted, and by air",
            "km per day",
            "fixed: 600",
            "assumption",
            "one or two weekly steps; nothing is counted before, so that only the date of setting out hangs on it",
        )
    )
    return entries


def _expulsions() -> list[str]:
    entries = [
        _entry(
            f"expelled_share_{name}",
            f"People expelled at once under the Title 42 order, of those apprehended, while it is in force, {title}",
            "share",
            f"beta: {{alpha: {alpha}, beta: {beta}}}",
            "assumption",
            "the order covers everybody; how many are expelled differs with where they can be sent. A fit learns it",
        )
        for name, title, alpha, beta in (
            ("mexico", "Mexico", 6, 2), ("triangle", "Northern Triangle", 6, 2),
            ("cuba", TITLES["cuba"], 2, 2), ("farther", TITLES["farther"], 2, 2),
        )
    ]  # fmt: skip
    for name, title, median in (("tries_again_per_day", "try again", 0.01), ("gives_up_per_day", "give up", 0.02)):
        entries.append(
            _entry(
                name,
                f"People who {title} after an expulsion, per day",
                "per day",
                f"lognormal: {{median: {median}, sigma: 0.7}}",
                "assumption",
                "as in mexico-border-2011; no figure seen",
            )
        )
    for group in GROUPS:
        entries.append(
            _entry(
                f"spring_2020_effect_{group}",
                f"Effect of the closed borders of spring 2020 on leaving, {_title(group)}",
                "log",
                "normal: {mean: -0.5, sd: 0.5}",
                "assumption",
                "travel stopped in most countries of the corridor when the Title 42 order came; the two cannot be told apart",
            )
        )
    return entries


def _counting() -> list[str]:
    note = "variance of a month's count over its mean squared, beyond what the model moves; a fit learns it"
    return [
        _entry(
            f"dispersion_{name}", f"Spread of a month's count, {title}", "ratio",
            f"lognormal: {{median: {median}, sigma: 0.7}}", "assumption", note,
        )
        for name, title, median in (
            ("darien", "Darién", 0.02),
            ("honduras", "Honduras", 0.02),
            ("mexico", "presented in Mexico", 0.01),
            ("us", "United States", 0.003),
        )
    ]  # fmt: skip


def _title(group: str) -> str:
    return TITLES.get(group, group.replace("_", " ").title())
