"""Fill one of the HTML templates, with every text escaped and style and script inside: the only place that knows Jinja."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

import jinja2

STYLES = ("figures.css", "report.css")

TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Signs that turn all text after them from right to left or back: a name with one would rewrite the sentence around it."""


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
    return page.translate(TURNING)


def _text(name: str) -> str:
    return resources.files("corredor.pages").joinpath("templates", name).read_text(encoding="utf-8")
