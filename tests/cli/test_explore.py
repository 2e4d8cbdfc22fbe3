"""Does `explore` write one page, say where, and refuse what it cannot do?"""

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
