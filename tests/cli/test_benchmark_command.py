"""Does `corredor benchmark` keep its word: files, streams, exit status, words for what is wrong? On made-up series."""

import csv
import json

import pytest
from made_up_evidence import CLAIMS, written_evidence


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return written_evidence(tmp_path_factory.mktemp("evidence"))


def own(files):
    return ("--series", files / "one.csv", files / "two.csv", "--claims", files / "claims.yaml", "--placebos", 40)


FAST = ("--methods", "panel,interrupted series,mean before and after")


def test_it_writes_page_and_tables_and_prints_what_came_of_it(here, files, tmp_path):
    done = here("benchmark", *own(files), *FAST, "--out", "kept")
    assert done.returncode == 0, done.stderr
    kept = tmp_path / "kept"
    assert sorted(path.name for path in kept.iterdir()) == ["benchmark.csv", "benchmark.html", "benchmark.json", "placebos.csv"]
    assert done.stdout.startswith("Of the effects that it told of measures whose effect is known, 0 of 1 ")
    assert "\nFound with the right sign: 1 of 1 agreed effects.\n" in done.stdout
    assert "By the method panel" in done.stdout
    assert "no effect, rightly" in done.stdout
    with (kept / "benchmark.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fell = next(row for row in rows if row["id"] == "fell" and row["method"] == "panel")
    assert (fell["judged"], fell["holds_size"], fell["month"]) == ("found", "True", "2016-01")
    assert float(fell["low_percent"]) < -90 < float(fell["high_percent"])
    with (kept / "placebos.csv").open(encoding="utf-8", newline="") as file:
        assert sum(row["kind"] == "date" and row["method"] == "panel" for row in csv.DictReader(file)) == 40


def test_the_page_has_every_claim_with_its_figure_and_asks_for_nothing_outside(here, files, tmp_path):
    here("benchmark", *own(files), *FAST, "--out", "kept")
    page = (tmp_path / "kept" / "benchmark.html").read_text(encoding="utf-8")
    told = json.loads((tmp_path / "kept" / "benchmark.json").read_text(encoding="utf-8"))
    for claim in ("fell", "nothing", "disputed"):
        part = page.split(f'<article id="claim-{claim}">')[1].split("</article>")[0]
        assert part.count("<svg") == 2, claim
        assert part.count('class="band b95"') == 2, claim
    assert told["headline"][0] in page.replace("\u00a0", " ")
    assert told["rules_sha256"] in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_json_is_the_whole_answer_and_the_seed_the_whole_story(here, files):
    first = json.loads(here("benchmark", *own(files), "--methods", "panel", "--json").stdout)
    again = json.loads(here("benchmark", *own(files), "--methods", "panel", "--json").stdout)
    other = json.loads(here("benchmark", *own(files), "--methods", "panel", "--json", "--seed", 2).stdout)
    assert first == again
    assert first["rows"] == other["rows"]
    assert first["placebos"] != other["placebos"]
    assert [score["method"] for score in first["scores"]] == ["panel"]


def test_problems_of_files_are_told_with_their_lines(here, files, tmp_path):
    (tmp_path / "claims.yaml").write_text(CLAIMS.replace("unit: north", "unit: nort"), encoding="utf-8")
    done = here("benchmark", "--series", files / "one.csv", files / "two.csv", "--claims", tmp_path / "claims.yaml")
    assert done.returncode == 3
    assert (
        f"{tmp_path / 'claims.yaml'}:4:9\n  found     nort\n  expected  a unit of the files of series\n  try       `north`"
        in done.stderr
    )
    assert not (tmp_path / "runs").exists()


def test_series_and_claims_belong_together(here, files):
    done = here("benchmark", "--series", files / "one.csv")
    assert done.returncode == 2
    assert "series without claims" in done.stderr
    done = here("benchmark", *own(files), "--methods", "panle")
    assert done.returncode == 2
    assert "panle" in done.stderr
