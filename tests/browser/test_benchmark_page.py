"""Does a person see what a benchmark found: on a phone, on a desk, with hostile words in it?"""

from pathlib import Path

import pytest
from made_up_evidence import written_evidence

from corredor.effects.benchmark.run import benchmark
from corredor.pages.artefacts.benchmark import write_benchmark

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HOSTILE = "<script>window.hacked = 1</script>"


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    folder = written_evidence(tmp_path_factory.mktemp("evidence"))
    claims = folder / "claims.yaml"
    claims.write_text(
        claims.read_text(encoding="utf-8").replace("The wall cut crossings.", f"The wall {HOSTILE}"), encoding="utf-8"
    )
    files = [folder / "one.csv", folder / "two.csv"]
    test = benchmark(series=files, claims=claims, placebos=30, methods="panel, mean before and after")
    return write_benchmark(test, folder / "out", {"Command": "corredor benchmark"})["benchmark.html"]


@pytest.mark.parametrize("width_px", [360, 768, 1280])
def test_the_page_asks_for_nothing_complains_of_nothing_and_never_scrolls_sideways(visit, page, width_px):
    seen = visit(page, width_px)
    seen.page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    assert seen.requests == [page.as_uri()]
    assert seen.complaints == []
    assert seen.page.evaluate(SIDEWAYS) == 0
    assert seen.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("width_px", [360, 1280])
def test_every_claim_has_one_figure_in_sight_and_its_verdict(visit, page, width_px):
    seen = visit(page, width_px).page
    for claim, verdict in (("fell", "Found: "), ("nothing", "No effect, rightly: "), ("disputed", "Nothing found: ")):
        article = seen.locator(f"#claim-{claim}")
        assert verdict in article.inner_text()
        assert article.locator("svg[role=img]:visible").count() == 1
    assert HOSTILE in seen.locator("#claim-fell").inner_text()
    assert seen.get_by_role("heading", level=2).first.inner_text() == "In short"
    assert "1 of 1 agreed effects" in seen.locator("#headline").inner_text()
