"""Is docs/EVIDENCE.md what the benchmark found, by the rules that the files hold, and do its examples and tables tell the truth?"""

import re
from pathlib import Path

import pandas as pd
import pytest
from scripts import loaded

from corredor.effects.benchmark.bundled import bundled_evidence
from corredor.effects.benchmark.evidence import EffectClaim, SeriesRow
from corredor.effects.benchmark.methods import METHODS
from corredor.effects.benchmark.read_evidence import read_evidence
from corredor.effects.benchmark.rules import rules_hash

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def script():
    return loaded("docs/make_evidence.py")


@pytest.fixture(scope="module")
def page():
    return (DOCS / "EVIDENCE.md").read_text(encoding="utf-8")


def test_the_results_are_those_of_the_files(script, page):
    assert script.written_page(page, *script.read_results(script.RESULTS)) == page, "python docs/make_evidence.py"


def test_the_picture_is_that_of_the_rows(script):
    rows, *_ = script.read_results(script.RESULTS)
    drawn = (script.RESULTS / "claims.svg").read_text(encoding="utf-8")
    assert drawn == script.picture(rows, bundled_evidence()), "python docs/make_evidence.py"


def test_the_rules_are_frozen(script, page):
    assert rules_hash() in page, "the rules have changed since: python docs/make_evidence.py --run"


def test_every_claim_and_every_method_is_there(script):
    rows, facts, _, _ = script.read_results(script.RESULTS)
    assert [score["method"] for score in facts["scores"]] == list(METHODS)
    assert set(rows["id"]) == {claim.id for claim in bundled_evidence().claims}
    assert len(rows) == len(METHODS) * rows["id"].nunique()
    assert facts["placebos"]["date"] == 500 * len(METHODS)


def test_the_last_look_is_the_one_that_is_shown(script):
    _, facts, looks, _ = script.read_results(script.RESULTS)
    assert facts["rules_sha256"].startswith(looks["rules"].iloc[-1])


def test_a_wrong_row_would_be_noticed(script, page):
    rows, facts, looks, false = script.read_results(script.RESULTS)
    changed = rows.assign(effect_percent=rows["effect_percent"] + 11)
    assert script.written_page(page, changed, facts, looks, false) != page


def test_every_field_of_the_format_is_explained(page):
    for row_class, section in ((SeriesRow, "### Series"), (EffectClaim, "### Claims")):
        table = page.split(section)[1].split("\n### ")[0]
        told = {name for line in re.findall(r"^\| (`.*?) \|", table, flags=re.MULTILINE) for name in re.findall(r"`(\w+)`", line)}
        assert told == set(row_class.model_fields), section


def test_the_examples_are_read_as_they_stand(page, tmp_path):
    series = re.search(r"```text\n(month,unit,people\n.*?)```", page, flags=re.DOTALL)[1]
    months = [f"20{year}-{month:02d},north,{400 + month}" for year in (15, 16) for month in range(1, 13)]
    (tmp_path / "mine.csv").write_text(series + "\n".join(months) + "\n", encoding="utf-8")
    (tmp_path / "claims.yaml").write_text(re.search(r"```yaml\n(.*?)```", page, flags=re.DOTALL)[1], encoding="utf-8")
    evidence = read_evidence([tmp_path / "mine.csv"], tmp_path / "claims.yaml")
    assert evidence.panel.units == ("north", "north|families")
    assert set(evidence.panel.families) == {"north"}
    assert str(evidence.claims[0].first_month) == "2016-04"


def test_the_page_counts_its_claims(page):
    evidence = bundled_evidence()
    rows = {re.sub(r"[a-z]$", "", claim.id) for claim in evidence.claims}
    assert f"{len(evidence.claims)} claims made of {len(rows)} rows" in page


def test_a_look_is_noted(script, tmp_path):
    script.note_look(tmp_path / "looks.csv", "abc" * 20, "1 of 2")
    script.note_look(tmp_path / "looks.csv", "def" * 20, "2 of 2")
    looks = pd.read_csv(tmp_path / "looks.csv", dtype=str)
    assert list(looks["rules"]) == ["abcabcabcabc", "defdefdefdef"]
    assert list(looks["what was seen"]) == ["1 of 2", "2 of 2"]
