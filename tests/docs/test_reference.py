"""Is docs/REFERENCE.md what the code says, and can a planner find every field there?"""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from scripts import loaded

from corredor import cli
from corredor.study.schema import FILES, UNITS, Entry

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def maker():
    """docs/make_reference.py as a module."""
    return loaded("docs/make_reference.py")


@pytest.fixture(scope="module")
def page():
    return (ROOT / "docs" / "REFERENCE.md").read_text(encoding="utf-8")


def entry_classes() -> list[type[BaseModel]]:
    return Entry.__subclasses__()


def rows(page: str) -> list[list[str]]:
    """Cells of every row of every table that has five columns, heads and rules left out."""
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in page.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in cells if len(row) == 5]


def test_the_page_is_the_one_that_the_code_writes(maker, page):
    assert page == maker.reference(), "run `make docs`"


def test_every_entry_and_every_field_is_told_once(page):
    wanted = sorted(field.alias or name for entry in entry_classes() for name, field in entry.model_fields.items())
    assert sorted(row[0].strip("`") for row in rows(page)) == wanted


def test_every_field_has_a_type_a_default_and_a_meaning(page):
    assert [row[0] for row in rows(page) if not row[1] or not row[2] or not row[4]] == []


def test_types_are_plain_words(page):
    python_words = re.compile(
        r"\b(str|float|int|bool|None|NoneType|Literal|Annotated|Union|Optional|Entry|BaseModel|dict)\b|\[\w+, "
    )
    assert [row[1] for row in rows(page) if python_words.search(row[1])] == []


def test_every_link_leads_somewhere(page, maker):
    headings = {maker._slug(line.lstrip("# ")) for line in page.splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\(#([^)]*)\)", page)) - headings == set()
    assert len([line for line in page.splitlines() if line.startswith("#")]) == len(headings)


def test_every_file_unit_command_and_exit_status_is_there(page):
    assert [name for name in FILES if f"\n## {name}\n" not in page] == []
    assert [unit for unit in UNITS if not re.search(rf"[|,] {re.escape(unit)}(,| \|)", page)] == []
    assert [name for name in cli.app if not name.startswith("-") and f"| `corredor {name}" not in page] == []
    assert [status for status in cli.EXIT_STATUS if f"| {status} | " not in page] == []


def test_units_in_the_column_are_units_that_exist(page):
    known = {*UNITS, "degrees", ""}
    found = {unit for row in rows(page) for unit in re.split(r", (?:or )?| or ", row[3].replace(" for a stock", ""))}
    assert found - known == set()


def test_what_is_added_to_the_schema_belongs_to_a_field_that_exists(maker):
    known = {f"{entry.__name__}.{field.alias or name}" for entry in entry_classes() for name, field in entry.model_fields.items()}
    assert {*maker.OWN_MEANING, *maker.OWN_UNIT} - known == set()
    assert set(maker.HOLDS) - set(FILES) == set()
