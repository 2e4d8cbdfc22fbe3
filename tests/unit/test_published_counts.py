"""Is a count known from its publication on, with the revision of it that was known then?"""

from dataclasses import replace

import numpy as np
from flee_folder import write_flee_folder

from corredor.exchange.flee.write import import_flee
from corredor.learn.published_counts import PublishedCounts, counts_in_all, counts_of_places

COUNTS = PublishedCounts(np.array([0, 10, 0, 20]), np.array([0, 12, 15, 20]), np.array([5.0, 7.0, 4.0, 9.0]))
"""Day 0 was revised on day 15; day 10 was published two days later."""


def test_the_last_revision_that_was_known():
    for day, days, people in (
        (0, [0], [5]),
        (11, [0], [5]),
        (14, [0, 10], [5, 7]),
        (15, [0, 10], [4, 7]),
        (99, [0, 10, 20], [4, 7, 9]),
    ):
        found = COUNTS.known_on(day)
        assert (found[0].tolist(), found[1].tolist()) == (days, people)


def test_counts_as_they_were_published_and_as_they_are_believed_today(tmp_path):
    _, model = import_flee(write_flee_folder(tmp_path / "case"), tmp_path / "study")
    (today,) = counts_of_places(model, "in_camps", ("camp_two",), False)
    (then,) = counts_of_places(model, "in_camps", ("camp_two",), True)
    assert today.known_on(30)[1].tolist() == [75, 1800] and then.known_on(30)[1].tolist() == [100, 2400]
    assert then.known_on(31)[1].tolist() == today.known_on(31)[1].tolist() == [75, 1800, 1800]


def test_a_study_without_earlier_counts_has_those_of_today(tmp_path):
    _, model = import_flee(write_flee_folder(tmp_path / "case"), tmp_path / "study")
    bare = replace(model, series=())
    (today,), (then,) = (counts_of_places(bare, "in_camps", ("camp_two",), early) for early in (False, True))
    np.testing.assert_array_equal(today.people, then.people)
    assert len(counts_in_all(bare).people) == 0


def test_the_published_total_is_known_by_day(tmp_path):
    _, model = import_flee(write_flee_folder(tmp_path / "case"), tmp_path / "study")
    assert counts_in_all(model).known_on(40)[1].tolist() == [175, 2500]


def test_people_of_the_first_day_are_left_out_of_every_count_where_settings_say_so(tmp_path):
    settings = "spawn_rules: {empty_camps_on_day0: true}\n"
    _, model = import_flee(write_flee_folder(tmp_path / "case", **{"simsetting.yml": settings}), tmp_path / "study")
    (then,) = counts_of_places(model, "in_camps", ("camp_two",), True)
    assert then.known_on(30)[1].tolist() == [0, 2300] and then.known_on(31)[1].tolist() == [0, 1725, 1725]
