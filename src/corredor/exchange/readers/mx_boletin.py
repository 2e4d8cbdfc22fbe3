"""Mexico's monthly bulletin of migration statistics: spreadsheets (.xls, .xlsx) with a column for each month.

Layout: Boletín mensual de estadísticas migratorias of the Unidad de Política Migratoria (politicamigratoria.gob.mx, "Boletines
estadísticos"). Each sheet is a cuadro: a title with the year, a line with months (Ene., Feb. … Dic., Total), rows for states, or
for countries below totals of their continents, and notes (Nota, Fuente) at the end. Some cuadros have sub-columns below every
month (Hombres, Mujeres …), the month's cell being merged over them. A row's label and the labels of sub-columns are parts of the
figure; totals stand among them, so they are never summed over.
"""

from __future__ import annotations

import re
from typing import Any

from corredor.exchange.readers.calendar import spanish_month
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.sheet_cells import LONGEST_SECONDS, MOST_MEMORY_GB, SheetsBroken, cells_of
from corredor.exchange.readers.text import AGAIN, TOGETHER, Trouble
from corredor.exchange.written_numbers import count_advice, number_in, people_of
from corredor.study.calendar import month_period
from corredor.study.problems import quoted

WANTED = "a spreadsheet of Mexico's Boletín de estadísticas migratorias (.xls or .xlsx)"
FEWEST_MONTHS = 2
"""A line with at least so many cells that are months is the header of a cuadro; a bulletin with January alone is not read."""

_NOTES = re.compile(r"(notas?|fuentes?|elaborado|elaboración|cifras)\b|\([0-9]+\)|[0-9]+/ |\*", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_NO_FIGURE = {"", "-", "–", "n.d.", "nd", "n/d", "n. d."}


def read(content: bytes, shown: str) -> Reading:
    """Figures by month of every cuadro in the file.

    raises : StudyError; ExtraMissing when the library for spreadsheets is not there
    """
    trouble = Trouble(shown)
    sheets = _sheets(content, trouble)
    figures: list[Figure] = []
    remarks: list[str] = []
    for name, rows in sheets.items():
        found = _cuadro(name, rows, trouble)
        figures += found
        if not found and rows:
            remarks.append(f"sheet {quoted(name)} has no line with months and was passed by")
    trouble.stop()
    if not figures:
        raise trouble.fail(1, 1, "no sheet with a line of months (Ene., Feb. …) and figures", WANTED, TOGETHER)
    return Reading(shown, tuple(figures), {"people": "people"}, remarks=tuple(remarks))


def _sheets(content: bytes, trouble: Trouble) -> dict[str, list[list[Any]]]:
    if not content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        kind = (
            "an empty file" if not content.strip() else "a web page (HTML)" if content.lstrip()[:1] == b"<" else "no spreadsheet"
        )
        raise trouble.fail(1, 1, kind, WANTED, "download the file again from the bulletin's page")
    try:
        return cells_of(content)
    except SheetsBroken:
        found = f"a spreadsheet that cannot be opened, or not within {LONGEST_SECONDS} s and {MOST_MEMORY_GB} GB of memory"
        raise trouble.fail(1, 1, found, WANTED, "download it again; it may be cut off") from None


def _cuadro(sheet: str, rows: list[list[Any]], trouble: Trouble) -> list[Figure]:
    texts = [[_text(cell) for cell in row] for row in rows]
    head = next((n for n, row in enumerate(texts) if sum(spanish_month(cell) is not None for cell in row) >= FEWEST_MONTHS), None)
    if head is None:
        return []
    years = [int(year) for row in texts[: head + 1] for cell in row for year in _YEAR.findall(cell)]
    if not years:
        found = f"sheet {quoted(sheet)}: no year above the months"
        trouble.add(head + 1, 1, found, "a title with the year", "write the year into the title")
        return []
    if len(set(years)) > 1:
        found = f"sheet {quoted(sheet)}: the years {', '.join(map(str, sorted(set(years))))} above the months"
        trouble.add(head + 1, 1, found, "one year in the title", "keep the months of one year")
        return []
    first_month = next(n for n, cell in enumerate(texts[head]) if spanish_month(cell) is not None)
    months = _month_columns(texts[head], first_month)
    below = texts[head + 1] if head + 1 < len(texts) else []
    # Sub-columns: the line below has words under the months and no label of its own.
    words = [cell for cell in below[first_month:] if cell]
    has_sub = bool(words) and all(number_in(cell) is None and cell not in _NO_FIGURE for cell in words)
    figures: list[Figure] = []
    for number, row in enumerate(texts[head + 1 + has_sub :], head + 2 + has_sub):
        labels = [cell for cell in row[:first_month] if cell.lower() not in _NO_FIGURE and number_in(cell) is None]
        if not labels:
            continue
        if _NOTES.match(labels[0]):
            break
        for column in range(first_month, min(len(row), len(months))):
            month, text = months[column], row[column]
            if month is None or text.lower() in _NO_FIGURE:
                continue
            value = people_of(text)
            if value is None:
                found, try_ = f"sheet {quoted(sheet)}: {quoted(text)}", count_advice(text, AGAIN)
                trouble.add(number, column + 1, found, "a number of people, or - for none", try_)
                continue
            sub = below[column] if has_sub and column < len(below) else ""
            parts = {"row": _label(labels[-1]), "column": _label(sub), "sheet": sheet}
            figures.append(Figure("people", parts, *month_period(years[0], month), value, number, column + 1))
    return figures


def _month_columns(header: list[str], first_month: int) -> list[int | None]:
    """Month of each column; a merged cell has its text in the first column only. Columns of totals belong to no month."""
    months: list[int | None] = [None] * len(header)
    current: int | None = None
    for number in range(first_month, len(header)):
        if header[number]:
            current = spanish_month(header[number])
        months[number] = current
    return months


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return " ".join(str(cell).split())


def _label(text: str) -> str:
    """A label without the marks of footnotes: Honduras(1) → Honduras; Chiapas 2/ → Chiapas."""
    return re.sub(r"\s*(\([0-9]+\)|[0-9]/|\*+)+$", "", text).strip()


FORMAT = Format(
    name="boletin-mx",
    title="Mexico, Boletín de estadísticas migratorias (.xls or .xlsx)",
    publisher="Unidad de Política Migratoria, Secretaría de Gobernación, México",
    licence="free use with attribution (datos abiertos, México)",
    where="politicamigratoria.gob.mx, Boletines estadísticos",
    read=read,
    place_by="row",
    usual_series="people",
    overlapping=frozenset({"row", "column", "sheet"}),
)
