"""A picture as a file of its own: SVG as it is; PNG and PDF with every style worked out first, for what writes them knows no variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from corredor.study.problems import ArgumentError, ExtraMissing
from corredor.study.whole_file import replace_whole

NAMESPACE = "{http://www.w3.org/2000/svg}"
PX_PER_INCH = 96.0
PNG_SCALE = 2.0
"""Dots of a PNG for each pixel of the picture, so that it is sharp in print."""

PAGE = """#set document(title: sys.inputs.title, date: none)
#set page(width: {width}pt, height: {height}pt, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, alt: sys.inputs.title)
"""

Classes = tuple[str, frozenset[str]]
"""Name and classes of an element, or those that a part of a selector asks for; an empty name is any."""


@dataclass(frozen=True)
class _Rule:
    """Declarations for the elements that a selector means; `selector` from the outermost to the element itself."""

    selector: tuple[Classes, ...]
    declarations: Mapping[str, str]

    @property
    def weight(self) -> tuple[int, int]:
        return sum(len(classes) for _, classes in self.selector), sum(bool(name) for name, _ in self.selector)

    def means(self, chain: list[Classes]) -> bool:
        """Whether it means the last of an element's ancestors and itself."""
        *outer, last = self.selector
        if not _fits(last, chain[-1]):
            return False
        above = iter(reversed(chain[:-1]))
        return all(any(_fits(part, one) for one in above) for part in reversed(outer))


def save_picture(svg: str, title: str, path: Path) -> None:
    """Write a picture to a file; its ending says as what: .svg, .png or .pdf.

    svg : a whole picture, with its styles inside
    raises : ArgumentError for another ending; ExtraMissing
    """
    kind = path.suffix.lower()
    if kind == ".svg":
        replace_whole(path, lambda passing: passing.write_text(svg, encoding="utf-8"))
        return
    if kind not in (".png", ".pdf"):
        raise ArgumentError("path", path.name, "a name that ends in .svg, .png or .pdf", f"{path.stem or 'picture'}.png")
    content = _typeset(plain_svg(svg), title, "png" if kind == ".png" else "pdf")
    replace_whole(path, lambda passing: passing.write_bytes(content))


def _typeset(svg: str, title: str, kind: Literal["png", "pdf"]) -> bytes:
    try:
        import typst  # late: an extra, and only PNG and PDF need it
    except ImportError:
        raise ExtraMissing(f"{kind.upper()} cannot be written", "pictures", ", or save as .svg") from None
    root = ElementTree.fromstring(svg)
    width, height = (float(root.attrib[key]) * 72 / PX_PER_INCH for key in ("width", "height"))
    page = PAGE.format(width=width, height=height).encode()
    content: bytes = typst.compile(page, format=kind, ppi=PNG_SCALE * PX_PER_INCH, sys_inputs={"svg": svg, "title": title})
    return content


def plain_svg(svg: str) -> str:
    """The same picture with every style at its element, in plain values: those of the light theme."""
    ElementTree.register_namespace("", NAMESPACE.strip("{}"))
    root = ElementTree.fromstring(svg)
    rules: list[_Rule] = []
    for parent in list(root.iter()):
        for style in parent.findall(f"{NAMESPACE}style"):
            rules += _rules(style.text or "")
            parent.remove(style)
    _settle(root, [], {}, sorted(rules, key=lambda rule: rule.weight))
    return ElementTree.tostring(root, encoding="unicode")


def _settle(element: ElementTree.Element, above: list[Classes], inherited: Mapping[str, str], rules: list[_Rule]) -> None:
    """Write the style of an element and of all inside it; the attributes that a style overrules stay, and lose."""
    name = element.tag.removeprefix(NAMESPACE)
    chain = [*above, (name, frozenset((element.attrib.pop("class", "")).split()))]
    styles: dict[str, str] = {}
    for rule in rules:
        if rule.means(chain):
            styles |= rule.declarations
    styles |= _declarations(element.attrib.pop("style", ""))
    variables = {**inherited, **{key: value for key, value in styles.items() if key.startswith("--")}}
    plain = {key: _without_variables(value, variables) for key, value in styles.items() if not key.startswith("--")}
    if plain:
        element.set("style", ";".join(f"{key}:{value}" for key, value in plain.items()))
    for child in element:
        _settle(child, chain, variables, rules)


def _without_variables(value: str, variables: Mapping[str, str]) -> str:
    while found := re.search(r"var\((--[\w-]+)\)", value):
        value = value.replace(found.group(), variables.get(found[1], "currentColor"))
    return value


def _rules(style: str) -> Iterator[_Rule]:
    """Rules of a style sheet that depend on nothing but names and classes: none for dark screens, print or a pointer."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", style)
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style):
        for selector in selectors.split(","):
            if not re.search(r"[:>+~\[*]", selector):
                yield _Rule(tuple(_classes(part) for part in selector.split()), _declarations(body))


def _declarations(body: str) -> dict[str, str]:
    pairs = (one.split(":", 1) for one in body.split(";") if ":" in one)
    return {key.strip(): value.strip() for key, value in pairs}


def _classes(part: str) -> Classes:
    name, *classes = part.split(".")
    return name, frozenset(classes)


def _fits(wanted: Classes, element: Classes) -> bool:
    return wanted[0] in ("", element[0]) and wanted[1] <= element[1]
