"""Pictures of the docs that stand alone: charts with their colours and styles inside, beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources

COLOURS = "--ink:#1b1b19;--muted:#5f5d57;--line:#dedbd2;--paper:#fff;--sans:system-ui,sans-serif"
TITLE_PX, GAP_PX = 22.0, 14.0


def stands_alone(charts: str, width_px: float, height_px: float, note: str = "", more_style: str = "") -> str:
    """Charts as a picture with everything that it needs.

    width_px, height_px : with the room around
    note : a comment for whoever reads the file
    more_style : styles beside those of figures
    """
    style = resources.files("corredor.pages").joinpath("templates", "figures.css").read_text(encoding="utf-8")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -6 {width_px:g} {height_px:g}" style="{COLOURS}">'
        f"{f'<!-- {note} -->' if note else ''}"
        f'<style>{style}{more_style}</style><rect x="-8" y="-6" width="100%" height="100%" fill="#fff"/>{charts}</svg>\n'
    )


def small_multiples(charts: Iterable[tuple[str, str]], width_px: float, height_px: float, columns: int, note: str = "") -> str:
    """Charts beside each other, each below its title, as one picture that stands alone.

    charts : title and chart
    width_px, height_px : of each chart
    """
    panels = []
    for number, (title, chart) in enumerate(charts):
        x, y = (number % columns) * (width_px + GAP_PX), (number // columns) * (height_px + TITLE_PX + GAP_PX)
        words = f'<text x="0" y="14" style="font-weight:600;fill:var(--ink)">{title}</text>'
        panels.append(f'<g transform="translate({x:g} {y:g})">{words}<g transform="translate(0 {TITLE_PX:g})">{chart}</g></g>')
    rows = -(-len(panels) // columns)
    whole = columns * (width_px + GAP_PX) + 8, rows * (height_px + TITLE_PX + GAP_PX) + 6
    return stands_alone("".join(panels), *whole, note)
