"""Can a small count be worked out from what different parts of the page that simulates tell of the same people? An attacker adds it all up.

Lists by place beside lists by group, the map's places beside their sums, the map's last day beside where people are at the end, groups
beside statuses, the card of a measure beside the study without it. Each has a twin in which the attacker finds what the rule hides.
"""

import json

import numpy as np
import pytest
from living_page import MADE_UP, finished, go_to, in_node
from scipy.optimize import linprog

from corredor.engine.fitted import study_and_fit
from corredor.pages.explore.page import write_explore
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE

EXACT = 1e-6
MOST = 1e4
CASES = 60


def few(people):
    return 0 < people < SMALLEST_SHOWN_PEOPLE


def pinned(known, targets, truth, untold=()):
    """Targets of few people that the sums known hold to less than the whole of 0 to 5; each is a row of weights on what is counted.

    That they are of few people is told by <5, but of those `untold`, which the page has no number for
    """
    truth = np.asarray(truth, dtype=float)
    known, small = np.array([*known, np.zeros(len(truth))]), [row for row in targets if few(row @ truth)]
    told = {"A_eq": known, "b_eq": known @ truth}
    told |= {"A_ub": np.array(small), "b_ub": np.full(len(small), float(SMALLEST_SHOWN_PEOPLE))} if small else {}
    found = []
    for row in [*small, *(row for row in untold if few(row @ truth))]:
        least, most = (linprog(sign * row, **told, bounds=(0, MOST), method="highs") for sign in (1, -1))
        assert least.status == most.status == 0
        if least.fun > EXACT or -most.fun < SMALLEST_SHOWN_PEOPLE - EXACT:
            found.append((row @ truth, least.fun, -most.fun))
    return found


def counts(rng, *shape):
    """Counts of which many are of nobody or of few."""
    kind = rng.random(shape)
    return np.where(kind < 0.3, 0, np.where(kind < 0.65, rng.integers(1, 5, shape), rng.integers(5, 60, shape)))


def ones(n, members):
    row = np.zeros(n)
    row[list(members)] = 1
    return row


def lists(rng):
    """People by place and group, and what the page is asked about their two lists and total."""
    people = counts(rng, int(rng.integers(1, 5)), int(rng.integers(1, 5)))
    n_places, n_groups = people.shape
    parts = [{"labels": [str(at) for at in range(n)], "names": [], "of_series": []} for n in (n_places, n_groups)]
    output = {"name": "o", "unit": "people", "starts": ["2021-01-01"], "places": parts[0], "groups": parts[1]}
    series = [0, *people.sum(axis=1).tolist(), *people.sum(axis=0).tolist()]
    return people, [[output], [series], [int(people.sum())]]


def of_lists(people, hidden):
    """Rows of weights of what is shown, and of all that could be."""
    cells = np.arange(people.size).reshape(people.shape)
    every = [*cells, *cells.T, cells.ravel()]
    masks = [*hidden["places"][0], *hidden["groups"][0], hidden["totals"][0]]
    rows = [ones(people.size, members) for members in every]
    shown = [row for row, is_hidden in zip(rows, masks, strict=True) if not is_hidden and not few(row @ people.ravel())]
    return shown, rows


def test_lists_by_place_and_by_group_beside_their_total(tmp_path):
    rng = np.random.default_rng(2)
    made = [lists(rng) for _ in range(3 * CASES)]
    answers = in_node(tmp_path, "guarded", [asked for _, asked in made])
    told = 0
    for (people, _), hidden in zip(made, answers, strict=True):
        shown, rows = of_lists(people, hidden)
        assert pinned(shown, rows, people.ravel()) == []
        told += len(shown)
    assert told > CASES


def test_a_list_beside_another_that_may_not_tell_the_total_would_be_found():
    people = np.array([[3, 4]])
    each_alone = {"places": [[False]], "groups": [[True, True]], "totals": [True]}
    shown, rows = of_lists(people, each_alone)
    assert len(pinned(shown, rows, people.ravel())) == 2


STATUSES = ("home", "way", "camp", "gone")
FINAL, REPORTED = ("gone",), ("camp",)


def corridor(rng):
    """A made-up study of two or three places, two of them at one point of the map, and everybody on the last day."""
    n_places, n_groups = int(rng.integers(2, 4)), int(rng.integers(1, 3))
    sites = [[0, 1], *[[at] for at in range(2, n_places)]]
    site = {place: number for number, places in enumerate(sites) for place in places}
    kept = [(status, place) for status in range(len(STATUSES)) for place in range(n_places) if rng.random() < 0.8] or [(0, 0)]
    stocks = [
        {
            "status": STATUSES[status],
            "place": place,
            "site": site[place],
            "final": STATUSES[status] in FINAL,
            "reported": STATUSES[status] in REPORTED,
        }
        for status, place in kept
    ]
    pools = [[status, place, group] for status, place in kept for group in range(n_groups)]
    study = {
        "kernel": {"draws": {"number": 1}, "calendar": {"step_days": 1}},
        "statuses": dict.fromkeys(STATUSES, ""),
        "corridor": {
            "links": [[0, 0, 1]],
            "stocks": stocks,
            "sites": sites,
            "places": [],
            "groups": [str(group) for group in range(n_groups)],
            "pools": pools,
            "n_steps": 3,
            "months": [],
        },
    }
    people = counts(rng, 2 * len(pools))
    people[0] = 300  # somewhere there are many
    return study, people.tolist()


def on_map(study, members, truth, hidden, sums):
    """Rows of weights of what the map shows, and of all that it could.

    members : of each stay, the numbers of what is counted;  sums : of `summedRows`
    """
    n_links, shown, every = len(study["corridor"]["links"]), [], []

    def tell(of, is_hidden):
        row = ones(len(truth), [at for stock in of for at in members[stock - n_links]])
        every.append(row)
        if not is_hidden and not few(row @ truth):
            shown.append(row)

    for at in range(len(members)):
        tell([n_links + at], hidden["rows"][n_links + at])
    for part in sums:
        for codes in [[0] * len(part["rows"]), *part["groups"]]:
            for code in set(codes):
                of = [row for row, own in zip(part["rows"], codes, strict=True) if own == code]
                if len(of) > 1:
                    tell(of, hidden["sums"][",".join(map(str, of))])
    return shown, every


def test_places_of_the_map_beside_their_sums(tmp_path):
    rng = np.random.default_rng(3)
    studies = [corridor(rng)[0] for _ in range(CASES)]
    people = [counts(rng, len(study["corridor"]["stocks"])) for study in studies]
    hidden = in_node(tmp_path, "hiddenOnMap", [[study, [0, *of.tolist()]] for study, of in zip(studies, people, strict=True)])
    sums = in_node(tmp_path, "summedRows", [[study] for study in studies])
    told = 0
    for study, of, hides, summed in zip(studies, people, hidden, sums, strict=True):
        shown, every = on_map(study, [[at] for at in range(len(of))], of, hides, summed)
        assert pinned(shown, every, of) == []
        told += len(shown)
    assert told > CASES


def keys_of(study):
    """Numbers of what is counted by status and place, those under way last; in the order in which pools lie."""
    pools, found = study["corridor"]["pools"], {}
    for at, (status, place, _) in enumerate([*pools, *pools]):
        found.setdefault((status if at < len(pools) else None, place), []).append(at)
    return found


def at_end(study, rows, truth, levels):
    """Rows of weights of what `whereabouts` shows of one scenario, and of all that it could."""
    keys, shown, every = keys_of(study), [], []
    for row in rows:
        members = [
            at for (status, place), own in keys.items() if status == row["status"] and row["place"] in (None, place) for at in own
        ]
        weights = ones(len(truth), members)
        every.append(weights)
        assert weights @ truth == pytest.approx(row["effect"][levels])
        if not row["effect"]["hides"][levels] and not few(weights @ truth):
            shown.append(weights)
    return shown, every


def last_days(tmp_path, seed):
    rng = np.random.default_rng(seed)
    made = [corridor(rng) for _ in range(CASES)]
    asked = {by: [[study, [end], [end], by] for study, end in made] for by in ("status", "place")}
    ends = {by: in_node(tmp_path, "whereabouts", of) for by, of in asked.items()}
    sums = in_node(tmp_path, "summedRows", [[study] for study, _ in made])
    return made, ends, sums


def found_on_last_days(made, ends, sums, on_maps):
    """What the last day of the map and where people are at the end give away together, and how many numbers they show."""
    found, told = [], 0
    for number, (study, end) in enumerate(made):
        truth, keys = np.array(end, dtype=float), keys_of(study)
        names = list(STATUSES)
        members = [keys[names.index(stock["status"]), stock["place"]] for stock in study["corridor"]["stocks"]]
        shown, every = on_map(study, members, truth, on_maps[number], sums[number])
        for by in ("status", "place"):
            more_shown, more = at_end(study, ends[by][number], truth, "with")
            shown, every = shown + more_shown, every + more
        # nobody is lost, so that everybody together is known
        found += pinned([*shown, np.ones(len(truth))], every, truth)
        told += len(shown)
    return found, told


def test_the_last_day_of_the_map_beside_where_people_are(tmp_path):
    made, ends, sums = last_days(tmp_path, 4)
    together = in_node(tmp_path, "hiddenOnLastDay", [[study, [end]] for study, end in made])
    found, told = found_on_last_days(made, ends, sums, together)
    assert found == [] and told > 3 * CASES


def test_a_map_that_hides_for_itself_would_be_found(tmp_path):
    made, ends, sums = last_days(tmp_path, 4)
    people = []
    for study, end in made:
        keys, names = keys_of(study), list(STATUSES)
        stays = [keys[names.index(stock["status"]), stock["place"]] for stock in study["corridor"]["stocks"]]
        people.append([0, *[sum(end[at] for at in own) for own in stays]])
    alone = in_node(tmp_path, "hiddenOnMap", [[study, of] for (study, _), of in zip(made, people, strict=True)])
    assert len(found_on_last_days(made, ends, sums, alone)[0]) > 5


def of_groups(study, now, before, told, ends, even_hidden):
    """Small counts of two scenarios that who is elsewhere, group by group, gives away beside statuses."""
    pools, n = study["corridor"]["pools"], len(now)
    truth = np.array([*now, *before], dtype=float)
    cells = {}
    for at, (status, _, group) in enumerate([*pools, *pools]):
        cells.setdefault((status if at < len(pools) else None, group), []).append(at)
    shown, every = [], []
    for side, offset in (("with", 0), ("without", n)):
        rows, all_rows = at_end(study, ends, truth[offset : offset + n], side)
        pad = (np.zeros(n), np.zeros(n))
        shown += [np.concatenate([*pad[: offset // n], row, *pad[: 1 - offset // n]]) for row in rows]
        every += [np.concatenate([*pad[: offset // n], row, *pad[: 1 - offset // n]]) for row in all_rows]
    for one in told:
        if one["people"] >= SMALLEST_SHOWN_PEOPLE and (even_hidden or not one["hides"]):
            weights = np.zeros(2 * n)
            for (_, group), own in cells.items():
                if group == int(one["group"]) and sum(now[at] - before[at] for at in own) > 0:
                    # whoever attacks is even told where there are more of the group
                    weights[own] += 1
                    weights[[n + at for at in own]] -= 1
            assert weights @ truth == pytest.approx(one["people"])
            shown.append(weights)
    of_groups_alone = [ones(2 * n, [offset + at for at in own]) for own in cells.values() for offset in (0, n)]
    return pinned(shown, every, truth, of_groups_alone)


def test_who_is_elsewhere_beside_statuses(tmp_path):
    rng = np.random.default_rng(5)
    made = []
    for _ in range(CASES):
        study, now = corridor(rng)
        made.append((study, now, rng.permutation(now).tolist()))
    asked = [[study, [now], [before]] for study, now, before in made]
    groups = in_node(tmp_path, "elsewhereByGroup", asked)
    ends = in_node(tmp_path, "whereabouts", [[*of, "status"] for of in asked])
    told = [of_groups(*of, *answers, False) for of, *answers in zip(made, groups, ends, strict=True)]
    all_told = [of_groups(*of, *answers, True) for of, *answers in zip(made, groups, ends, strict=True)]
    assert [one for one in told if one] == []
    assert sum(map(len, all_told)) >= 3
    assert sum(not one["hides"] for of in groups for one in of if one["people"] >= SMALLEST_SHOWN_PEOPLE) > 2


def test_a_card_hides_of_the_study_without_its_measure_what_the_other_tabs_hide(visit, tmp_path):
    """A measure that is taken away has its numbers among the totals, and those of its card are the same."""
    model, _ = study_and_fit("two-towns")
    numbers = {}
    for reason in ("", MADE_UP):
        page = visit(write_explore(tmp_path / f"page{len(reason)}.html", model, None, 2, 1, small_shown_because=reason)).page
        finished(page, changed=False)
        page.goto(page.url.split("#")[0] + "#off=bridge_patrols")
        totals = finished(page)
        go_to(page, "measures")
        page.locator('[data-card="bridge_patrols"] > summary').click()
        page.wait_for_selector('[data-card="bridge_patrols"] .card-body[data-complete="true"]')
        rows = page.locator("tr[data-card-output]").evaluate_all(
            "(all) => all.map((row) => [row.dataset.cardOutput, row.dataset.numbers])"
        )
        card = {name: json.loads(text) for name, text in rows}
        both = card.keys() & totals.keys()
        assert len(both) >= 6
        for name in both:
            assert card[name]["without"] == totals[name]["with"] and card[name]["with"] == totals[name]["without"], name
        numbers[reason] = card
        days = page.locator('[data-card="bridge_patrols"] [data-fact]', has_text="day").all_inner_texts()
        assert days and all("days" in text for text in days)
    assert numbers[""].keys() == numbers[MADE_UP].keys()
