"""Are the bundled series those of the fact tables, and do the bundled effects cite rows that exist?"""

import csv
import re
from pathlib import Path

import pytest
from scripts import loaded

from corredor.effects.benchmark.bundled import EVIDENCE, bundled_evidence

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "data"
with_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the fact tables are not beside the repository")


@pytest.fixture(scope="module")
def script():
    return loaded("studies_src/build_evidence.py")


@with_facts
def test_the_files_are_what_the_script_writes(script):
    for name, text in script.build_files(FACTS).items():
        assert (EVIDENCE / name).read_bytes() == text.encode(), name


def test_every_bundled_file_has_a_source():
    with (EVIDENCE / "sources.csv").open(encoding="utf-8", newline="") as file:
        named = {row["file"] for row in csv.DictReader(file)}
    assert named == {path.name for path in EVIDENCE.iterdir()} - {"sources.csv", "effects.yaml"}


def test_nothing_after_2019_is_bundled():
    for path in EVIDENCE.glob("series_*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert max(row["month"] for row in csv.DictReader(file)) == "2019-12", path.name


def test_the_files_stay_small():
    assert sum(path.stat().st_size for path in EVIDENCE.iterdir()) < 1_500_000


@with_facts
def test_every_effect_stands_in_the_list_with_its_date():
    with (FACTS / "mediterranean-2009" / "known_effects.csv").open(encoding="utf-8", newline="") as file:
        known = {row["id"]: row for row in csv.DictReader(file)}
    for claim in bundled_evidence().claims:
        row = known[re.sub(r"[a-z]$", "", claim.id)]
        # of a period either end may be meant; the inauguration and the day on which a decree took effect are ours
        dates = [text.strip()[:7] for text in row["date"].split(" to ")]
        assert str(claim.date)[:7] in dates, claim.id
        if claim.agreement == "none_found":
            assert "none" in row["direction"] or "no effect" in row["confidence"], claim.id
        if claim.agreement == "agreed":
            assert "strong" in row["confidence"], claim.id


@with_facts
def test_rows_of_the_list_that_are_left_out_are_these():
    """E08 has no date, E47 has no series."""
    with (FACTS / "mediterranean-2009" / "known_effects.csv").open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    assert known - {re.sub(r"[a-z]$", "", claim.id) for claim in bundled_evidence().claims} == {"E08", "E47"}
