"""Does the documentation site build without a warning, offline, and is every page near its home? In full: with its tutorials run."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from scripts import loaded

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted(path.stem for path in (ROOT / "docs" / "tutorials").glob("*.md"))
NOT_PAGES = {"search.html", "py-modindex.html", "genindex.html"}


class _Asked(HTMLParser):
    """What a page loads, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        named = {name: value or "" for name, value in attrs}
        self.loads += [named[name] for name in ("src", "srcset", "poster", "data") if name in named]
        if tag == "link" and named.get("rel") != "canonical":
            self.loads.append(named.get("href", ""))
        if tag == "a":
            self.links.append(named.get("href", ""))


def read(page: str) -> _Asked:
    parser = _Asked()
    parser.feed(page)
    return parser


def outside_requests(page: str) -> list[str]:
    """Addresses on the network that a browser would load for a page; links that a reader may click are none."""
    in_style = re.findall(r"(?:url\(|@import)\s*['\"]?\s*((?:https?:)?//[^'\")\s]+)", page)
    return [address for address in read(page).loads if re.match(r"(https?:)?//", address.strip())] + in_style


def clicks_from_home(site: Path) -> dict[str, int]:
    """Page → the fewest clicks that lead to it from the home page, by links in its text or beside it."""
    found, edge = {"index.html": 0}, ["index.html"]
    while edge:
        page = edge.pop(0)
        for link in read((site / page).read_text(encoding="utf-8")).links:
            if re.match(r"[a-z]+:", link):
                continue
            target = (site / page).parent / link.split("#")[0]
            if target.suffix == ".html" and target.is_file():
                name = str(target.resolve().relative_to(site.resolve()))
                if name not in found:
                    found[name] = found[page] + 1
                    edge.append(name)
    return found


def build_site(folder: Path, notebooks: str) -> Path:
    """Build the site anew.

    notebooks : "force" runs the tutorials, as `make site` does; "off" shows them without results
    """
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-j", "auto", "-b", "html"]
    command += ["-D", f"nb_execution_mode={notebooks}"]
    command += ["-d", str(folder / "doctrees"), "-w", str(folder / "warnings"), str(ROOT / "docs"), str(folder / "html")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    warnings = (folder / "warnings").read_text(encoding="utf-8") if (folder / "warnings").is_file() else ""
    assert (done.returncode, warnings) == (0, ""), f"{warnings}\n{done.stderr[-3000:]}"
    return folder / "html"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site with tutorials that were not run: `test_tutorials.py` runs them, in a tenth of the time."""
    return build_site(tmp_path_factory.mktemp("site"), "off")


def test_no_page_asks_for_anything_outside(site):
    asked = {str(page): outside_requests(page.read_text(encoding="utf-8")) for page in site.rglob("*.html")}
    asked |= {str(sheet): outside_requests(sheet.read_text(encoding="utf-8")) for sheet in site.rglob("*.css")}
    assert {name: addresses for name, addresses in asked.items() if addresses} == {}
    assert len(asked) > 15


def test_every_page_is_within_two_clicks_of_home(site):
    pages = {str(page.relative_to(site)) for page in site.rglob("*.html") if "_static" not in page.parts} - NOT_PAGES
    assert len(pages) > 15
    clicks = clicks_from_home(site)
    assert {page: clicks.get(page) for page in pages if clicks.get(page, 3) > 2} == {}


@pytest.mark.full
def test_a_site_whose_tutorials_were_run_shows_their_results_and_asks_for_nothing_outside(tmp_path):
    site = build_site(tmp_path, "force")
    asked = {str(page): outside_requests(page.read_text(encoding="utf-8")) for page in site.rglob("*.html")}
    assert {name: addresses for name, addresses in asked.items() if addresses} == {}
    assert len(TUTORIALS) == 5
    for name in TUTORIALS:
        page = (site / "tutorials" / f"{name}.html").read_text(encoding="utf-8")
        assert page.count("cell_output") >= 3, f"{name} shows too few results"
        assert "Traceback (most recent call last)" not in page


def test_an_outside_request_is_noticed():
    outside = [
        '<script src="https://x.org/a.js">',
        '<link rel="stylesheet" href="//x.org/a.css">',
        "@import url('https://x.org/b')",
    ]
    assert [len(outside_requests(page)) for page in outside] == [1, 1, 1]
    assert outside_requests('<a href="https://x.org">x</a><img src="a.svg"><img src="data:image/png;base64,AA">') == []


def test_a_page_without_a_link_to_it_is_noticed(tmp_path):
    for name, text in {
        "index": '<a href="a.html#b">',
        "a": '<a href="b.html">',
        "b": '<a href="c.html">',
        "c": "",
        "d": "",
    }.items():
        (tmp_path / f"{name}.html").write_text(text)
    assert clicks_from_home(tmp_path) == {"index.html": 0, "a.html": 1, "b.html": 2, "c.html": 3}


def test_the_page_of_commands_is_the_one_that_the_code_writes():
    maker = loaded("docs/make_commands.py")
    page = (ROOT / "docs" / "COMMANDS.md").read_text(encoding="utf-8")
    assert page == maker.commands(), "run `make docs`"
    assert [line for line in page.splitlines() if line.startswith("| `") and line.endswith("|  |")] == [], "without a meaning"


def test_the_python_page_has_every_public_name():
    import corredor

    page = (ROOT / "docs" / "PYTHON.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\.\. auto(?:function|class):: corredor\.(\w+)", page)) == sorted(corredor.__all__)


def test_both_readmes_have_the_same_commands_and_headings():
    english, spanish = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.es.md"))
    assert re.findall(r"^corredor .*$", english, re.M) == re.findall(r"^corredor .*$", spanish, re.M)
    assert [len(level) for level in re.findall(r"^(#+) ", english, re.M)] == [
        len(level) for level in re.findall(r"^(#+) ", spanish, re.M)
    ]
    assert "(README.es.md)" in english and "(README.md)" in spanish
    assert set(re.findall(r"\]\(([^)#]+)", english)) - {"README.es.md"} == set(re.findall(r"\]\(([^)#]+)", spanish)) - {
        "README.md"
    }
