"""Does `explore` write one page, say where, and refuse what it cannot do?"""

import base64
import gzip
import json
import re

from corredor import cli


def test_one_page_is_written_and_named(here, tmp_path):
    done = here("explore", "two-towns", "--draws", 3, "--out", "page.html", "--json")
    assert done.returncode == cli.WELL, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    facts = json.loads(done.stdout)
    assert facts["page"] == "page.html" and facts["draws"] == 3 and facts["seed"] == 1
    assert facts["bytes"] == (tmp_path / "page.html").stat().st_size


def test_the_same_command_writes_the_same_page_and_asks_for_nothing_outside(here, tmp_path):
    for name in ("one.html", "other.html"):
        here("explore", "two-towns", "--draws", 3, "--out", name)
    text = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert text == (tmp_path / "other.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert re.findall(r"(?:src|href)=[\"']?(?!data:)\w+:", text) == []


def test_unless_told_otherwise_the_page_lies_in_runs(here, tmp_path):
    done = here("explore", "two-towns", "--draws", 2)
    assert done.stdout.strip() == "runs/two-towns-explore.html"
    assert (tmp_path / "runs" / "two-towns-explore.html").exists()


def test_a_folder_that_is_not_there_is_named(here):
    done = here("explore", "two-towns", "--draws", 2, "--out", "no/such/folder/page.html")
    assert done.returncode == cli.USAGE
    assert "cannot be written" in done.stderr and "another file with --out" in done.stderr


def test_a_study_with_problems_is_told_and_nothing_is_written(here, tmp_path):
    done = here("explore", "no-such-study", "--out", "page.html")
    assert done.returncode == cli.INVALID
    assert list(tmp_path.iterdir()) == []


def told_by(page):
    """Facts of the study in a page."""
    packed = re.search(r'id="study">([^<]+)<', page.read_text(encoding="utf-8")).group(1)
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_claims_are_checked_with_the_draws_of_the_page_unless_told_otherwise(here, tmp_path):
    here("explore", "two-towns", "--draws", 3, "--out", "page.html")
    done = here("claims", "two-towns", "--draws", 3, "--json")
    verdicts = {row["id"]: (row["verdict"], row["headline"]) for row in json.loads(done.stdout)}
    told = told_by(tmp_path / "page.html")["claims"]
    assert {claim["id"]: (claim["verdict"], claim["headline"]) for claim in told} == verdicts
    here("explore", "two-towns", "--draws", 3, "--out", "none.html", "--no-claims")
    assert told_by(tmp_path / "none.html")["claims"] == []


def test_a_newcomers_own_study_is_named_as_it_was_given(here, tmp_path, monkeypatch):
    assert here("new", "my/towns").returncode == cli.WELL
    done = here("explore", "my/towns", "--draws", 2, "--out", "page.html", "--no-claims")
    assert done.returncode == cli.WELL, done.stderr
    told = told_by(tmp_path / "page.html")
    assert (told["name"], told["study"]) == ("towns", "my/towns")
    monkeypatch.chdir(tmp_path / "my" / "towns")
    done = here("explore", ".", "--draws", 2, "--out", tmp_path / "here.html", "--no-claims")
    assert done.returncode == cli.WELL, done.stderr
    assert told_by(tmp_path / "here.html")["study"] == "towns"


def test_reports_comparisons_and_claims_name_the_command_of_the_page(here, tmp_path):
    here("run", "two-towns", "--draws", 3, "--seed", 7, "--out", "run")
    here("compare", "two-towns", "--without", "bridge_patrols", "--draws", 3, "--priors-only", "--out", "pairs")
    here("claims", "two-towns", "--draws", 3, "--out", "said")
    for page, command in (
        ("run/report.html", "corredor explore two-towns --seed 7"),
        ("pairs/compare.html", "corredor explore two-towns --priors-only"),
        ("said/claims.html", "corredor explore two-towns"),
    ):
        assert f"<code>{command}</code>" in (tmp_path / page).read_text(encoding="utf-8"), page
    assert (
        json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))["explore"]
        == "corredor explore two-towns --seed 7"
    )
