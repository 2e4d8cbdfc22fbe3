"""How Sphinx builds the site: `make site`. Offline, and no page asks for anything outside."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from nbclient import client
from sphinx.application import Sphinx
from traitlets import Bool

# Notebooks call `corredor` as a reader would: the one that belongs to this Python.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

project = "corredor"
author = "The corredor developers"
language = "en"
extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["**/.ipynb_checkpoints"]

myst_heading_anchors = 4
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = False  # a failing cell is a warning, and -W makes warnings errors
nb_execution_timeout = 300
nb_output_stderr = "remove"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # the default fetches scripts from the network
nb_merge_streams = True

autodoc_typehints = "none"
autodoc_member_order = "bysource"

html_theme = "pydata_sphinx_theme"
html_title = "corredor"
html_use_index = False
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "show_prev_next": True,
    "navbar_align": "left",
    "navbar_center": [],
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}
html_sidebars = {"index": [], "**": ["globaltoc.html"]}
html_context = {"default_mode": "auto"}


class WholeOutputs(client.NotebookClient):
    """IPython hands over what a command prints in pieces of a hundred signs, which myst-nb puts together with line breaks between them."""

    coalesce_streams = Bool(True)


client.NotebookClient = WholeOutputs

_ENTRY = re.compile(r"^([A-Za-z_][\w, ]*) : (.*)$")


def house_docstring(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Turn the house form of a docstring (`name : meaning`, further lines indented) into a list that Sphinx reads."""
    made: list[str] = []
    inside = False
    for line in lines:
        entry = _ENTRY.match(line)
        if entry:
            made += ["", entry[1], f"    {entry[2]}"]
            inside = True
        elif inside and line.startswith(" "):
            made.append(f"    {line.strip()}")
        else:
            inside = inside and not line.strip()
            made.append(line)
    lines[:] = [re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", line) for line in made]


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", house_docstring)
