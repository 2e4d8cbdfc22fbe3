"""Fill one of the HTML templates, with every text escaped and style and script inside."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

import jinja2


def filled(template: str, **values: object) -> str:
    """The page made from a template of `templates/`.

    raises : jinja2.UndefinedError for a name that the template wants and `values` lack
    """
    script = template_text("report.js")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(template_text),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(template).render(
        style=template_text("figures.css") + template_text("report.css"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        **values,
    )


def template_text(name: str) -> str:
    return resources.files("corredor.pages").joinpath("templates", name).read_text(encoding="utf-8")
