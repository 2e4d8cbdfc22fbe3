"""Did a number of a bundled study move? If it should have, CHANGELOG.md says why."""

import json

import pytest
from summary import CHANGELOG, DRAWS, FOLDER, SEED, STUDIES, summary

HOW_TO = """
Results of {study} have changed. If that was not meant, it is a bug. If it was:
write in CHANGELOG.md why and by how much (an entry that ends “Results: changed, because …”), then run
    python tests/golden/summary.py "those words"
"""


def kept(study):
    return json.loads((FOLDER / f"{study}.json").read_text(encoding="utf-8"))


def moved(before, now):
    """Outputs whose sums differ by more than the last digits of a machine's own exp and log can explain."""
    return {
        f"{kind} {name}": (before[kind].get(name), now[kind].get(name))
        for kind in ("random", "expected")
        for name in {*before[kind], *now[kind]}
        if now[kind].get(name) != pytest.approx(before[kind].get(name), rel=1e-9, abs=1e-9)
    }


@pytest.mark.parametrize("study", STUDIES)
def test_the_results_of_a_bundled_study_are_those_of_the_last_changelog_entry_that_changed_them(study):
    before = kept(study)
    assert (before["draws"], before["seed"]) == (DRAWS, SEED)
    changes = moved(before, summary(study))
    assert changes == {}, HOW_TO.format(study=study)


@pytest.mark.parametrize("study", STUDIES)
def test_the_words_that_explain_the_last_change_are_in_the_changelog(study):
    because = kept(study)["because"]
    assert len(because) > 20
    assert because in CHANGELOG.read_text(encoding="utf-8")


@pytest.mark.parametrize("study", STUDIES)
def test_a_number_that_moves_by_one_person_in_a_million_is_noticed(study):
    before, now = kept(study), kept(study)
    name = max(before["random"], key=lambda output: before["random"][output][0])
    now["random"][name][0] *= 1 + 1e-6
    assert list(moved(before, now)) == [f"random {name}"]
