"""Is docs/CLAIMS.md true: its example, its rules, its table, and what it says of the first corridor?"""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from scripts import loaded
from test_readme import blocks, run_block

from corredor.effects.claims.distances import check_distance
from corredor.effects.claims.finding import Finding
from corredor.effects.claims.levels import check_level
from corredor.effects.claims.numbers import check_amount, check_comparison
from corredor.effects.claims.register import check_documented, check_no_act
from corredor.study.catalogue import bundled_studies
from corredor.study.model import Model, load_study

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "CLAIMS.md").read_text(encoding="utf-8")
RULE = re.compile(r"\bC[0-9]+\b")
TEMPLATE = ROOT / "src" / "corredor" / "pages" / "templates" / "claims.html.j2"


def test_the_example_runs_as_printed_and_ends_as_the_page_says(tmp_path):
    examples = [block for block in blocks(PAGE) if block.language == "sh"]
    assert len(examples) == 1
    done = run_block(examples[0], tmp_path)
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "my-verdicts" / "claims.json").read_text(encoding="utf-8"))
    written = next(row for row in rows if row["id"] == "patrols_shortened_the_list")
    assert 'The verdict is "cannot tell"' in PAGE
    assert written["verdict"] == "cannot tell"
    assert "assumed, not learned" in written["why"]


def test_the_example_about_the_first_corridor_fits_its_study(tmp_path):
    example = next(block for block in blocks(PAGE) if block.language == "yaml")
    folder = Path(shutil.copytree(bundled_studies()["mexico-2018"], tmp_path / "mexico-2018"))
    with (folder / "claims.yaml").open("a", encoding="utf-8") as file:
        file.write(example.text)
    assert load_study(folder).claims[-1].id == "soldiers_reduced_crossings"


def test_the_rules_of_page_and_code_are_the_same():
    code = (ROOT / "src" / "corredor" / "effects" / "claims" / "verdicts.py").read_text(encoding="utf-8")
    of_page = set(re.findall(r"^- \*\*(C[0-9]+)\*\*", PAGE, flags=re.MULTILINE))
    assert of_page == set(RULE.findall(code)) == set(re.findall(r'id="rule-(C[0-9]+)"', TEMPLATE.read_text(encoding="utf-8")))
    assert of_page == {f"C{number}" for number in range(1, 12)}


def test_the_table_of_false_alarms_is_the_one_that_was_measured():
    script = loaded("benchmarks/claims_power.py")
    with script.TABLE.open(encoding="utf-8", newline="") as file:
        measured = list(csv.DictReader(file))
    assert script.table_text(measured) in PAGE
    assert len(measured) == len(script.SERIES) * len(script.EFFECTS_PERCENT)
    for row in measured:
        assert int(row["scenarios"]) >= 200
        if row["effect_percent"] == "0":
            assert (int(row["supported"]) + int(row["contradicted"])) / int(row["scenarios"]) <= 0.05


@pytest.fixture(scope="module")
def mexico() -> Model:
    return load_study(bundled_studies()["mexico-2018"])


def finding(model: Model, name: str) -> Finding:
    """A claim that takes no simulation."""
    claim, day = next(claim for claim in model.claims if claim.id == name), model.study.to
    if claim.level is not None:
        return check_level(model, claim, day)
    if claim.distance is not None:
        return check_distance(model, claim)
    if claim.amount is not None:
        return check_amount(model, claim, day)
    if claim.comparison is not None:
        return check_comparison(model, claim, day, 1)
    return check_documented(model, claim) if claim.documented is not None else check_no_act(model, claim)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("enforcement_unprecedented", "contradicted"),
        ("returns_unprecedented", "contradicted"),
        ("presentations_of_june_2019_a_record", "cannot tell"),
        ("refuge_claims_rose_in_2019", "cannot tell"),
        ("deaths_rose_after_the_agreement", "cannot tell"),
        ("year_2018_unprecedented", "contradicted"),
        ("plan_announced", "supported"),
        ("thousands_waited_in_tijuana", "supported"),
        ("camp_moved", "supported"),
        ("camp_eleven_miles_away", "repeats its source"),
        ("rush_at_the_port", "supported"),
        ("remittances_mexico_exceed_plan", "supported"),
        ("remittances_all_exceed_plan", "supported"),
        ("regional_organisation", "contradicted"),
    ],
)
def test_claims_about_published_figures_of_the_first_corridor_keep_their_verdicts(mexico, name, verdict):
    found = finding(mexico, name)
    assert found.judgement.verdict == verdict
    assert found.evidence
    assert {source for row in found.evidence for source in row.sources} <= set(mexico.sources)


def test_numbers_of_the_first_corridor_are_those_of_hand_arithmetic(mexico):
    distance = finding(mexico, "camp_eleven_miles_away")
    assert (distance.low, distance.high) == (17.7, 17.7)
    line = next(row.figures for row in distance.evidence if "straight line" in row.text)
    # 0.06916 degrees north and 0.13278 east, of which cos 32.5 counts: 14.63 km; the camp lies within 3 km, the port within half a km
    assert (line["straight_km_low"], line["straight_km_high"]) == pytest.approx((14.63 - 3.5, 14.63 + 3.5), abs=0.02)
    plan = finding(mexico, "remittances_mexico_exceed_plan")
    assert plan.effect == pytest.approx(32_922.9 / 365 * 365.25 / (16_427_105 * 365.25 / 1e6), rel=1e-4)
    year = finding(mexico, "year_2018_unprecedented")
    assert year.high == pytest.approx(100 * (131_445 / 198_141 - 1), abs=0.01)
    months = finding(mexico, "enforcement_unprecedented")
    presented = 9_033 + 8_614 + 12_748 + 12_780 + 18_044 + 12_080
    assert months.high == pytest.approx(100 * (presented / (198_141 / 2) - 1), abs=0.01)


def test_every_claim_of_the_article_and_its_readers_is_there(mexico):
    kinds = [claim.kind for claim in mexico.claims]
    assert len(kinds) >= 11
    assert set(kinds) == {"level", "magnitude", "event", "effect", "comparison", "opinion"}
    text = " ".join(claim.says for claim in mexico.claims).lower()
    for words in ("precedent", "arrivals", "asylum", "30,000 million", "ten years", "11 miles", "reduced crossings", "thousand people",
                  "rushed", "four countries", "without papers", "regional organisation", "hopeful"):  # fmt: skip
        assert words in text, words
