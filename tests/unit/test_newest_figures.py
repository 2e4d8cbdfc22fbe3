"""Is it seen when a fit does not reproduce the newest figures, series by series and for an output as a whole?"""

import pytest
from builders import make_model, stay, stock

from corredor.learn.fit.judge import _remarks, _troubles, unshown_figures
from corredor.learn.fit.newest import Missed, missed_series, missed_words, newest_figures

TITLES = {"b": "Gate B"}
SHOWN = (False,) * 9


def figures(place, *residuals, published=100.0, fitted=150.0, output="caught", group="", **more):
    """One figure a month, from January on."""
    return [
        {
            "output": output,
            "place": place,
            "group": group,
            "from": f"2021-{month:02d}-01",
            "to": f"2021-{month:02d}-28",
            "value": published,
            "low": None,
            "high": None,
            "q50": fitted,
            "residual": residual,
            **more,
        }
        for month, residual in enumerate(residuals, 1)
    ]


def test_only_the_three_newest_figures_of_a_series_count_in_the_order_of_their_days():
    rows = figures("a", 9.0, 9.0, 1.0, 2.0, 3.0)
    assert [row["residual"] for row in newest_figures(rows[::-1])["caught", "a", ""]] == [1.0, 2.0, 3.0]
    assert len(newest_figures(rows + figures("a", 1.0, group="child"))) == 2


def test_three_figures_two_standard_errors_off_on_the_same_side_are_no_chance():
    # their mean has a standard error of 1/√3: 2 · √3 = 3.5 of them
    (missed,) = missed_series(figures("a", 0.0, -2.0, -2.0, -2.0))
    assert missed == Missed("caught", "a", "", "2021-02-01", "2021-04-28", 300.0, 450.0, -3.46, (("caught", "a", ""),))
    assert missed_series(figures("a", -2.0, 2.0, -2.0)) == []
    assert missed_series(figures("a", -1.7, -1.7, -1.7)) == []


def test_the_last_figure_counts_by_itself_where_those_before_it_lie_on_the_other_side():
    (missed,) = missed_series(figures("a", 2.0, 2.0, -3.1))
    assert (missed.from_, missed.published, missed.errors) == ("2021-03-01", 100.0, -3.1)
    assert missed_series(figures("a", 2.0, 2.0, -2.9)) == []


def test_a_tenth_is_near_enough_however_small_the_errors_are():
    assert missed_series(figures("a", -9.0, -9.0, -9.0, fitted=109.0)) == []
    assert missed_series(figures("a", -9.0, -9.0, -9.0, fitted=111.0)) != []


def test_of_a_range_the_number_nearest_to_the_fit_counts():
    rows = figures("a", 4.0, published=None, low=60.0, high=90.0, fitted=50.0)
    (missed,) = missed_series(rows)
    assert missed.published == 60.0 and missed.fitted == 50.0
    assert missed_series(figures("a", 4.0, published=None, low=60.0, high=None, fitted=70.0)) == []


def test_an_output_is_missed_as_a_whole_where_no_series_is_by_itself():
    gates = [row for n in range(9) for row in figures(f"gate{n}", -1.2, -1.2, -1.2)]
    (missed,) = missed_series(gates)
    assert (missed.output, missed.place, len(missed.series)) == ("caught", "", 9)
    assert missed.errors == pytest.approx(-1.2 * 27**0.5, abs=0.01)
    assert "People caught in all, 2021-01-01 to 2021-03-28: published 2,700, fitted 4,050" in missed_words(
        [missed], {"caught": "People caught"}
    )
    level = [row for n in range(9) for row in figures(f"gate{n}", *(3 * [1.2 * (-1) ** n]))]
    assert missed_series(level) == []


def test_figures_by_place_and_by_group_are_not_added_up():
    rows = figures("a", *3 * [-1.5]) + figures("", *3 * [-1.5], group="child")
    assert missed_series(rows) == []


def test_a_fit_that_misses_half_of_the_series_is_of_no_use_and_one_that_misses_fewer_is_read_with_care():
    good, bad = figures("a", 0.1, 0.1), figures("b", -3.0, -3.0)
    half, fewer = good + bad, good + bad + figures("c", 0.2)
    for rows in (half, fewer):
        assert [one.place for one in missed_series(rows)] == ["b"]
    said = _troubles("test", 1.0, half, SHOWN[: len(half)], missed_series(half), TITLES)
    assert len(said) == 1 and "last known figures of 1 of 2 series: caught, Gate B" in said[0]
    assert _remarks(True, missed_series(half), said, TITLES) == []
    assert _troubles("test", 1.0, fewer, SHOWN[: len(fewer)], missed_series(fewer), TITLES) == []
    (remark,) = _remarks(True, missed_series(fewer), [], TITLES)
    assert "last known figures of 1 series" in remark and "published 200, fitted 300" in remark


def test_sentences_of_a_fit_tell_no_figure_from_which_a_small_one_could_be_worked_out():
    """3 at gate a, 30 at gate b, 90 at gate c, 123 in all; none is met."""
    rows = [
        row
        for place, people in {"a": 3.0, "b": 30.0, "c": 90.0, "": 123.0}.items()
        for row in figures(place, 9.0, published=people)
    ]
    rows += [figure | {"residual": 0.1} for figure in figures("d", 0.1, published=500.0)]
    model = make_model([stay("home")], [], places=["a", "b", "c", "d"], outputs={"caught": stock("home", by=["place"])})
    unshown = unshown_figures(model, rows)
    assert unshown.tolist() == [True, True, False, False, False]
    missed = missed_series(rows, unshown)
    said = " ".join(_troubles("test", 81.0, rows, unshown, missed, {}))
    assert "published <5" in said and "published 90" in said and "published 30" not in said and "not told" in said
    assert {one.place for one in missed if one.has_few and one.place} == {"a", "b"}


def test_a_fit_whose_rounds_ended_too_early_says_so():
    assert _remarks(True, [], [], TITLES) == []
    assert "had not settled" in _remarks(False, [], [], TITLES)[0]
