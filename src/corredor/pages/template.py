"""Fill one of the HTML templates, with every text escaped and style and script inside; know a page again. Only this file knows Jinja."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from pathlib import Path

import jinja2

from corredor.study.problems import ArgumentError

STYLES = ("figures.css", "report.css")

TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Signs that turn all text after them from right to left or back: a name with one would rewrite the sentence around it."""

GENERATOR, HEAD_BYTES = '<meta name="generator"', 4000
"""Before this a page says which one it is; so far into a file it is looked for."""


def filled(
    template: str, styles: tuple[str, ...] = STYLES, own_style: str = "", own_script: str | None = None, **values: object
) -> str:
    """The page made from a template of `templates/`.

    styles : files of `templates/` that the page carries
    own_style, own_script : text of a style after them, and of a program in place of the reports'
    raises : jinja2.UndefinedError for a name that the template wants and `values` lack
    """
    script = _text("report.js") if own_script is None else own_script
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    page = environment.get_template(template).render(
        style="".join(map(_text, styles)) + own_style,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        **values,
    )
    kind = template.split(".")[0]
    return page.translate(TURNING).replace(GENERATOR, f"{_mark(kind)}\n{GENERATOR}", 1)


def check_place(path: Path, kind: str) -> None:
    """Refuse to put a page in the place of a file that is something else than an earlier page of its kind.

    kind : name of the page's template, as report
    raises : ArgumentError
    """
    if not path.exists() and not path.is_symlink():
        return
    if path.is_file():
        with path.open("rb") as file:
            if _mark(kind).encode() in file.read(HEAD_BYTES):
                return
    raise ArgumentError(
        "out", f"{path}, which is there already and is something else", f"a new file, or an earlier page of this kind ({kind})",
        "another name, or move it away",
    )  # fmt: skip


def _mark(kind: str) -> str:
    """What says in a page which page it is."""
    return f'<meta name="corredor-page" content="{kind}">'


def _text(name: str) -> str:
    return resources.files("corredor.pages").joinpath("templates", name).read_text(encoding="utf-8")
