"""Does `corredor claims` do what its help says, with the exit status and on the stream that it should?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from corredor.study.catalogue import bundled_studies

KEYS = {"id", "kind", "verdict", "probability", "effect", "low", "high", "evidence", "assumed"}


@pytest.fixture
def study(tmp_path) -> Path:
    return Path(shutil.copytree(bundled_studies()["two-towns"], tmp_path / "study"))


def test_the_findings_are_printed_and_written_and_both_say_the_same(here, study, tmp_path):
    done = here("claims", study, "--draws", 30, "--out", "verdicts", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["id"] for row in rows] == ["patrols_reduced_arrivals", "more_than_ever", "patrols_began_in_march", "too_many"]
    assert all(set(row) >= KEYS for row in rows)
    assert {row["verdict"] for row in rows} <= {"supported", "contradicted", "cannot tell", "not testable"}
    assert rows[-1]["verdict"] == "not testable"
    assert all(isinstance(row["evidence"], list) and isinstance(row["assumed"], list) for row in rows)
    assert [row["name"] for row in rows[0]["assumed"]][:2] == ["bridge_patrols", "extra_patrols"]
    assert json.loads((tmp_path / "verdicts" / "claims.json").read_text(encoding="utf-8")) == rows
    manifest = json.loads((tmp_path / "verdicts" / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["inputs"]) >= {"claims.yaml", "series.csv", "study.yaml"}
    assert (manifest["seed"], manifest["draws"], manifest["as_of"]) == (1, 30, "2021-06-30")
    written = sorted(path.name for path in (tmp_path / "verdicts").iterdir() if not path.name.startswith("."))
    assert written == ["claims.html", "claims.json", "manifest.json"]


def test_the_table_has_a_line_for_each_claim_and_messages_go_elsewhere(here, study):
    done = here("claims", study, "--draws", 10)
    assert done.returncode == 0, done.stderr
    for words in ("patrols_reduced_arrivals", "more_than_ever", "Contradicted", "Not testable", "Of 4 claims 1 does not hold"):
        assert words in done.stdout
    assert "claims.html" in done.stderr and "claims.html" not in done.stdout


def test_no_verdict_depends_on_the_number_of_threads(here, study):
    one, four = (here("claims", study, "--draws", 12, "--jobs", jobs, "--out", f"jobs{jobs}", "--json").stdout for jobs in (1, 4))
    assert one == four
    assert one != here("claims", study, "--draws", 12, "--seed", 2, "--out", "seed2", "--json").stdout


def test_only_figures_published_by_the_day_count(here, study):
    rows = json.loads(here("claims", study, "--draws", 10, "--as-of", "2021-05-11", "--json").stdout)
    level = next(row for row in rows if row["id"] == "more_than_ever")
    assert level["verdict"] == "cannot tell"
    effect = next(row for row in rows if row["kind"] == "effect")
    assert any("does not hold the window" in row["text"] for row in effect["evidence"])


def test_a_bad_claim_is_bad_input_and_nothing_is_written(here, study, tmp_path):
    path = study / "claims.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("output: arrivals\n", "output: arivals\n"), encoding="utf-8")
    done = here("claims", study, "--draws", 10, "--out", "verdicts", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["problems"][0]["try"] == "`arrivals`"
    assert not (tmp_path / "verdicts").exists()
    assert here("check", study).returncode == 3


@pytest.mark.parametrize("arguments", [("--draws", 0), ("--as-of", "2021-13-01"), ("--as-of", "June"), ("--nonsense",)])
def test_bad_usage_is_told_apart_from_bad_input(here, study, arguments):
    assert here("claims", study, *arguments).returncode == 2


def test_a_study_without_claims_has_an_empty_list(here, study):
    (study / "claims.yaml").unlink()
    done = here("claims", study, "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
