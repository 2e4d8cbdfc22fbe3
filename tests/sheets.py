"""Spreadsheets for tests, written as the format says with nothing but the standard library; numbers in them are made up."""

from __future__ import annotations

import io
import struct
import zipfile
from xml.sax.saxutils import escape

Cell = str | float | None


def xlsx(sheets: dict[str, list[list[Cell]]], merged: tuple[str, ...] = ()) -> bytes:
    """An .xlsx file (Office Open XML).

    merged : ranges of the first sheet such as B3:C3
    """
    names = list(sheets)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        + "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="s{n}"/>' for n, name in enumerate(names, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="s{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
            f'Target="worksheets/sheet{n}.xml"/>'
            for n, _ in enumerate(names, 1)
        )
        + "</Relationships>",
    }
    for n, name in enumerate(names, 1):
        rows = "".join(
            f'<row r="{r}">{"".join(_cell(r, c, cell) for c, cell in enumerate(row) if cell is not None)}</row>'
            for r, row in enumerate(sheets[name], 1)
        )
        joined = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged) if n == 1 else ""
        joined = f"<mergeCells>{joined}</mergeCells>" if joined else ""
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            + rows
            + f"</sheetData>{joined}</worksheet>"
        )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(path, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return content.getvalue()


def _cell(row: int, column: int, cell: Cell) -> str:
    at = f"{chr(65 + column)}{row}"
    if isinstance(cell, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{at}"><v>{cell}</v></c>'


def xls(sheet: str, rows: list[list[Cell]]) -> bytes:
    """An .xls file: one sheet of BIFF8 records in a compound document of sectors of 512 bytes."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))

    end = record(0x000A, b"")
    name = sheet.encode("utf-16-le")
    cells = b""
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, str):
                cells += record(0x0204, struct.pack("<HHHHB", r, c, 0, len(cell), 1) + cell.encode("utf-16-le"))
            elif cell is not None:
                cells += record(0x0203, struct.pack("<HHHd", r, c, 0, cell))
    page = begin(0x0010) + cells + end

    def head(at: int) -> bytes:
        return begin(0x0005) + record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(sheet), 1) + name) + end

    stream = head(len(head(0))) + page
    stream += b"\0" * (-len(stream) % 512) + b"\0" * max(0, 4096 - len(stream) - (-len(stream) % 512))
    sectors = len(stream) // 512
    entry = "<64sHBBIII16sIQQIQ"

    def directory(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = title.encode("utf-16-le")
        return struct.pack(entry, text, len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, b"\0" * 16, 0, 0, 0, start, size)

    folder = directory("Root Entry", 5, 1, 0xFFFFFFFE, 0) + directory("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + b"\0" * 256
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    assert len(chain) <= 128, "too large for a table of one sector"
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII109I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0" * 16, 0x3E, 3, 0xFFFE, 9, 6, b"\0" * 6, 0, 1, 1, 0,
        4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0, *[0xFFFFFFFF] * 108
    )  # fmt: skip
    return header + table + folder + stream


CUADRO: list[list[Cell]] = [
    ["Cuadro 9.9 Eventos inventados, según entidad federativa, 2021 (muestra inventada)"],
    [],
    ["Entidad federativa", "Ene.", "Feb.", "Mar.", "Total"],
    ["Total general", 30.0, 35.0, "-", 65.0],
    ["North Gate(1)", 20.0, 25.0, "-", 45.0],
    ["Old Bridge", 10.0, "10", "-", 20.0],
    ["Nota: (-) significa cero."],
    ["Fuente: muestra inventada, 2020"],
    ["Below the notes nothing is read", 7.0, 7.0, 7.0, 21.0],
]

CUADRO_WITH_SUB_COLUMNS: list[list[Cell]] = [
    ["Cuadro 9.8 Eventos inventados por sexo, 2021"],
    ["País de nacionalidad", "Enero", None, "Febrero", None, "Marzo", None, "Total", None],
    [None, "Hombres", "Mujeres", "Hombres", "Mujeres", "Hombres", "Mujeres", "Hombres", "Mujeres"],
    ["América Central", 12.0, 8.0, 14.0, 9.0, "-", "-", 26.0, 17.0],
    ["Aldia", 12.0, 8.0, 14.0, 9.0, "-", "-", 26.0, 17.0],
]
