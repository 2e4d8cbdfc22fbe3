"""Are places filled as the four lines of `place_sizes` say? Worked by hand."""

import numpy as np
import pytest

from corredor.learn.place_sizes import Known, Numbers, forecast_sizes

NOBODY = (np.array([]), np.array([]))
PLAIN = Numbers(prior_weight=0.0)
"""Without the model's share, so that sizes can be read off."""


def series(*rows: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    days, people = zip(*rows, strict=True)
    return np.array(days, dtype=float), np.array(people, dtype=float)


def known(day, counts, expected, total=NOBODY, since=None) -> Known:
    return Known(
        day, counts, total, np.array(expected, dtype=float), np.zeros(len(expected), int) if since is None else np.array(since)
    )


def test_growth_goes_on_and_fades():
    sizes = forecast_sizes(known(40, [series((0, 100), (40, 900))], [1]), 30, PLAIN)
    assert sizes.people[0] == pytest.approx(900 + 800 / 40 * 10 * (1 - np.exp(-3)))


def test_growth_is_that_of_the_last_60_days_over_at_least_30():
    long_ago = forecast_sizes(known(100, [series((0, 0.1), (40, 900), (100, 900))], [1]), 30, PLAIN)
    assert long_ago.people[0] == pytest.approx(900)
    at_once = forecast_sizes(known(2, [series((1, 100), (2, 400))], [1]), 30, PLAIN)
    assert at_once.people[0] == pytest.approx(400 + 300 / 30 * 10 * (1 - np.exp(-3)))


def test_a_first_count_is_no_growth_and_zeros_before_it_are_not_counts():
    sizes = forecast_sizes(known(30, [series((0, 0), (30, 700))], [1]), 30, PLAIN)
    assert sizes.people[0] == 700 and sizes.last_count_day[0] == 30


def test_an_emptied_place_stays_counted():
    sizes = forecast_sizes(known(100, [series((0, 500), (10, 0)), series((0, 500))], [1, 1]), 30, PLAIN)
    assert sizes.counted.all() and sizes.people[0] == 0


def test_a_place_that_publishes_nothing_has_half_of_what_the_model_expects_beside_the_others():
    sizes = forecast_sizes(known(0, [series((0, 900)), series((0, 0)), NOBODY], [3, 1, 2]), 30, PLAIN)
    assert sizes.people.tolist() == pytest.approx([900, 150, 300]) and sizes.counted.tolist() == [True, False, False]


def test_it_is_believed_in_less_the_longer_it_is_silent():
    counts = [series((100, 900)), NOBODY]
    assert forecast_sizes(known(100, counts, [1, 1]), 30, PLAIN).people[1] == pytest.approx(450 / np.e)
    assert forecast_sizes(known(100, counts, [1, 1], since=[0, 100]), 30, PLAIN).people[1] == pytest.approx(450)


def test_a_place_that_nobody_can_reach_holds_nobody():
    assert forecast_sizes(known(0, [series((0, 900)), NOBODY], [1, 0]), 30, PLAIN).people[1] == 0


def test_the_published_total_says_how_many_are_not_counted():
    total = series((-5, 1000), (0, 2000), (10, 9000))
    counts = [series((0, 100), (10, 1100)), series((0, 0))]
    sizes = forecast_sizes(known(10, counts, [1, 1], total), 30, PLAIN)
    # 7,000 more in all since day 0, 1,000 of them counted; half of the other 6,000, and the growth of the first camp
    growth = 1000 / 30 * 10 * (1 - np.exp(-3))
    fades = np.exp(-10 / 100)
    assert sizes.people[1] == pytest.approx(0.5 * fades * 6000 * (1 + growth / 1100))


def test_but_not_more_than_eight_times_what_the_model_expects():
    total = series((0, 0), (10, 1_000_000))
    sizes = forecast_sizes(known(10, [series((0, 1100), (10, 1100)), NOBODY], [1, 1], total), 30, PLAIN)
    assert sizes.people[1] == pytest.approx(0.5 * np.exp(-10 / 100) * 8 * 1100)


def test_people_counted_since_it_opened_are_not_looked_for_elsewhere():
    total = series((0, 0), (50, 5000), (60, 8000))
    counts = [series((0, 0), (50, 5000), (60, 8000)), NOBODY]
    by_model = 0.5 * 8000 * 0.01 / 0.99
    sizes = forecast_sizes(known(60, counts, [0.99, 0.01], total, since=[0, 50]), 30, Numbers(prior_weight=0, growth_fades=1e-9))
    assert sizes.people[1] == pytest.approx(by_model * np.exp(-10 / 100))


def test_the_model_has_a_tenth_of_the_say_at_first_and_a_twentieth_after_90_days():
    for day, weight in ((0, 0.1), (90, 0.05)):
        sizes = forecast_sizes(known(day, [series((0, 300)), series((0, 100))], [1, 3]), 30)
        assert sizes.people.sum() == pytest.approx(400)
        assert sizes.people[0] / 400 == pytest.approx((1 - weight) * 0.75 + weight * 0.25)


def test_before_any_count_the_model_alone_divides_what_the_total_gained():
    sizes = forecast_sizes(known(5, [NOBODY, series((0, 0))], [1, 3], series((0, 200), (5, 1000))), 30)
    assert sizes.people.tolist() == pytest.approx([200, 600])
    assert forecast_sizes(known(5, [NOBODY, NOBODY], [0, 0]), 30).people.tolist() == [0.5, 0.5]
