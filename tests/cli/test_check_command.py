"""Does `corredor check` tell warnings beside problems, and end well with them?"""

import json

from corredor import cli


def test_check_prints_warnings_and_ends_well(here, tmp_path):
    """It said “no problems” of a study in which three times the population leaves in a month."""
    here("new", "mine")
    file = tmp_path / "mine" / "parameters.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("median: 0.0016", "median: 3"), encoding="utf-8")
    done = here("check", "mine")
    assert done.returncode == cli.WELL
    assert "warning: mine/study.yaml:" in done.stdout and "mine: no problems, 1 warning." in done.stdout
    told = json.loads(here("check", "mine", "--json").stdout)
    assert told["problems"] == [] and len(told["warnings"]) == 1
    assert "leave in a month" in told["warnings"][0]["found"] and told["warnings"][0]["line"] > 0


def test_a_good_study_has_none(here):
    done = here("check", "two-towns")
    assert "two-towns: no problems. 5 places" in done.stdout and "warning" not in done.stdout
    assert json.loads(here("check", "two-towns", "--json").stdout)["warnings"] == []
