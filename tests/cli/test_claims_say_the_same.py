"""Do terminal, page, JSON and Python say the same of every claim of every bundled study?"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corredor.effects.claims import Findings, check_claims
from corredor.effects.claims.tally import grouped, summary
from corredor.effects.claims.verdicts import UNTOLD
from corredor.study.catalogue import bundled_studies

STUDIES = [name for name, folder in bundled_studies().items() if (folder / "claims.yaml").exists()]
DRAWS = 4
"""Verdicts of so few draws are worth nothing; that all outputs have the same is what is asked."""


def table_rows(printed: str) -> Iterator[tuple[str, str]]:
    """Claim and what was found of it, by the columns of the table in the terminal."""
    lines = printed.splitlines()
    head = next(number for number, line in enumerate(lines) if line.split() == ["claim", "found", "probability"])
    begins, ends = lines[head].index("found"), lines[head].index("probability")
    name, words = "", []
    for line in lines[head + 2 :]:
        if line[:begins].strip():
            if name:
                yield name, " ".join(words)
            name, words = line[:begins].strip(), []
        if line[begins:ends].strip():
            words.append(line[begins:ends].strip())
    yield name, " ".join(words)


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def page_rows(page: str) -> dict[str, str]:
    """Claim → headline, by the cards of the page."""
    cards = re.findall(
        r'<li class="[a-z-]+"><a href="#claim-(\w+)">.*?<span class="says">(.*?)</span></a></li>', page, flags=re.DOTALL
    )
    return {name: plain(words) for name, words in cards}


@pytest.fixture(scope="module", params=STUDIES)
def study(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def findings(study) -> Findings:
    return check_claims(study, draws=DRAWS, jobs=1)


def test_every_output_has_the_same_headline_for_every_claim(here, study, findings, tmp_path):
    done = here("claims", study, "--draws", DRAWS, "--jobs", 1, "--out", "verdicts")
    assert done.returncode == 0, done.stderr
    expected = {finding.claim.id: finding.headline for finding in findings}
    of_python = findings.table().set_index("id")
    assert dict(of_python["headline"]) == expected

    told = json.loads((tmp_path / "verdicts" / "claims.json").read_text(encoding="utf-8"))
    assert {row["id"]: row["headline"] for row in told} == expected
    assert {row["id"]: row["verdict"] for row in told} == dict(of_python["verdict"])

    page = Path(tmp_path / "verdicts" / "claims.html").read_text(encoding="utf-8")
    assert page_rows(page) == expected
    ranked = [finding.claim.id for group in grouped(findings) for finding in group.findings]
    assert list(page_rows(page)) == re.findall(r'<section id="claim-(\w+)"', page) == ranked
    assert summary(findings) in plain(page)

    assert " ".join(done.stdout.split()).startswith(summary(findings))
    assert dict(table_rows(done.stdout)) == expected


def test_every_claim_that_cannot_be_told_has_one_of_three_reasons_and_says_what_is_ruled_out(findings):
    for finding in findings:
        untold, row = finding.judgement.untold, finding.as_json()
        assert (finding.judgement.verdict == "cannot tell") == (untold is not None)
        assert row["cannot_tell_because"] == (None if untold is None else UNTOLD[untold])
        if untold is None or finding.claim.kind == "event":
            continue
        assert UNTOLD[untold] in finding.headline
        if finding.published_effect is not None:
            assert "would have been seen in four of five cases" in finding.headline and "excluded" in finding.headline
        else:
            assert "no size is ruled out" in finding.headline or "What is published allows" in finding.headline


def test_no_number_has_more_figures_than_people_say(findings):
    for finding in findings:
        texts = [finding.headline, finding.judgement.why, *(row.text for row in finding.evidence)]
        for text in texts:
            assert not re.search(r"\d,\d{3},\d{3}", text), f"{finding.claim.id}: {text}"
            assert not re.search(r"\d{5,} %", text), f"{finding.claim.id}: {text}"
