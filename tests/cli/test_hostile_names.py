"""Does text that someone wrote to do harm stay text: in every page, picture and table that corredor writes of a study?"""

import csv
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest
from ruamel.yaml import YAML

from corredor.cli import app
from corredor.pages.explore.page import render_explore
from corredor.pages.explore.study_page import study_page
from corredor.study.catalogue import bundled_studies
from corredor.study.csv_text import csv_text, plain, safe
from corredor.study.model import load_study
from corredor.study.problems import StudyError

EVIL = "=1+cmd|' /C calc'!A0 <script>alert(1)</script> \"'&]]></style> ../../etc/passwd\n<img src=x onerror=alert(1)>"
"""A formula, a script, quotes, the end of CDATA and of a style, a path, a line's end, a picture."""
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?[\d.]+([eE][+-]?\d+)?|-?inf")


def with_evil_text(folder):
    """two-towns with that text wherever its author may write freely."""
    folder.mkdir()
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    for file in sorted(bundled_studies()["two-towns"].iterdir()):
        target = folder / file.name
        if file.name in ("places.csv", "sources.csv", "observations.csv"):
            with file.open(encoding="utf-8", newline="") as stream:
                header, *rows = list(csv.reader(stream))
            free = [header.index(name) for name in ("name", "publisher", "title", "licence", "note") if name in header]
            rows = [[cell + EVIL if at in free else cell for at, cell in enumerate(row)] for row in rows]
            rows = [[EVIL + cell if at in free else cell for at, cell in enumerate(row)] for row in rows]
            if "url" in header:
                rows = [[*row[: header.index("url")], "javascript:alert(1)", *row[header.index("url") + 1 :]] for row in rows]
            target.write_text(csv_text(header, rows), encoding="utf-8", newline="")
        elif file.name == "study.yaml":
            words = yaml.load(file)
            words |= {"title": EVIL, "summary": EVIL, "authors": [EVIL], "licence": EVIL}
            words["statuses"] = dict.fromkeys(words["statuses"], EVIL)
            for part in ("groups", "outputs", "accounts"):
                for entry in words.get(part, {}).values():
                    entry["title"] = EVIL
                    if part == "outputs":
                        entry["note"] = EVIL
            with target.open("w", encoding="utf-8") as stream:
                yaml.dump(words, stream)
        elif file.suffix == ".yaml":
            words = yaml.load(file)
            for entry in words.values() if isinstance(words, dict) else words:
                free = ("title", "actor", "where", "dose_means", "note", "says", "said_by", "not_testable_because")
                entry |= {name: EVIL for name in free if name in entry}
            with target.open("w", encoding="utf-8") as stream:
                yaml.dump(words, stream)
        else:
            target.write_bytes(file.read_bytes())
    return folder


def written(study, out):
    """Everything that the commands write of a study."""
    run = out / "run"
    for words in (
        ("run", study, "--draws", 12, "--share", "--out", run),
        ("compare", study, "--without", "bridge_patrols", "--draws", 12, "--out", out / "compare"),
        ("claims", study, "--draws", 12, "--out", out / "claims"),
        ("explore", study, "--draws", 4, "--out", out / "explore.html"),
        ("export", run, "--to", "csv", "--out", out / "tidy"),
        ("export", run, "--to", "flowmap", "--out", out / "flowmap"),
        (
            "sensitivity",
            study,
            "--output",
            "stopped",
            "--without",
            "bridge_patrols",
            "--method",
            "morris",
            "--size",
            2,
            "--out",
            out / "sensitivity",
        ),
        (
            "forecast",
            study,
            "--as-of",
            "2021-04-20",
            "--months",
            2,
            "--draws",
            20,
            "--export",
            "hubverse",
            "--out",
            out / "forecast",
        ),
        ("fit", study, "--as-of", "2021-04-20", "--draws", 20, "--out", out / "fit"),
    ):
        status = app([str(word) for word in words], exit_on_error=False, print_error=False)
        assert status in (0, 5), words
    return sorted(path for path in out.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evil")
    return written(str(with_evil_text(folder / "study")), folder / "out")


class Page(HTMLParser):
    """Elements and attributes of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def pictures(text):
    """Each outermost svg of a page; a map has another one inside."""
    depth, begin = 0, 0
    for mark in re.finditer(r"<(/?)svg\b", text):
        if not mark[1]:
            begin, depth = (mark.start() if depth == 0 else begin), depth + 1
        else:
            depth -= 1
            if depth == 0:
                yield text[begin : mark.end() + 1]


def test_it_is_read_back_as_it_was_written(tmp_path):
    model = load_study(with_evil_text(tmp_path / "study"))
    assert model.places[0].name == f"{EVIL}Mill Town{EVIL}".strip()


def test_no_page_carries_out_what_it_shows(files):
    pages = [file for file in files if file.suffix == ".html"]
    assert {page.name for page in pages} >= {
        "report.html",
        "compare.html",
        "claims.html",
        "explore.html",
        "sensitivity.html",
        "fit.html",
        "forecast.html",
    }
    for page in pages:
        text = page.read_text(encoding="utf-8")
        found = Page(text).found
        assert "alert(1)</script>" not in text and "<img" not in text, page.name
        assert [tag for tag, _ in found].count("script") <= 5 and "img" not in [tag for tag, _ in found], page.name
        assert [name for _, attributes in found for name in attributes if name.startswith("on")] == [], page.name
        addresses = [of[name] for _, of in found for name in ("href", "src", "action", "xlink:href") if of.get(name)]
        assert [one for one in addresses if not one.startswith(("#", "http:", "https:", "data:", "mailto:")) and ":" in one] == []


@pytest.mark.parametrize("letter", "\u202a\u202e\u2066\u2069\u200b\u200f\ufeff\x1b")
def test_letters_that_nobody_sees_are_refused(letter, tmp_path):
    folder = with_evil_text(tmp_path / "study")
    places = (folder / "places.csv").read_text(encoding="utf-8").replace("Mill Town", f"Mill{letter} Town", 1)
    (folder / "places.csv").write_text(places, encoding="utf-8", newline="")
    with pytest.raises(StudyError, match=f"U\\+{ord(letter):04X}"):
        load_study(folder)


def test_a_study_that_was_not_read_turns_no_text_of_a_page_around():
    model = load_study("two-towns")
    study = model.study.model_copy(update={"title": "Two \u202etowns"})
    assert "Two towns – corredor</title>" in render_explore(
        *study_page(model.__class__(**{**vars(model), "study": study}), None, 1, 1)
    )


def test_every_picture_is_sound_xml(files):
    for page in (file for file in files if file.suffix == ".html"):
        for picture in pictures(page.read_text(encoding="utf-8")):
            ElementTree.fromstring(picture)


def test_no_table_begins_a_cell_as_a_formula(files):
    tables = [file for file in files if file.suffix == ".csv"]
    assert {table.name for table in tables} >= {
        "summary.csv",
        "compare.csv",
        "stopped.csv",
        "locations.csv",
        "sensitivity.csv",
        "time-series.csv",
    }
    seen = 0
    for table in tables:
        with table.open(encoding="utf-8", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)] == [], table.name
        seen += sum("alert(1)" in cell for cell in cells)
    assert seen > 10


def test_no_file_has_a_name_from_outside(files):
    assert [file for file in files if "passwd" in str(file) or "alert" in str(file)] == []


@pytest.mark.parametrize(
    "text", ["=1", "+a", "-a", "@a", "\ta", "\ra", "'=1", "''@x", "'tis", "'", "", "-3", "1e5", "-", "−5", "＝1"]
)
def test_text_comes_back(text):
    assert plain(safe(text)) == text


@pytest.mark.parametrize("number", ["-3", "+4.5", "-1e-05", "0", "-.5", "-inf"])
def test_numbers_stay_numbers(number):
    assert safe(number) == number
