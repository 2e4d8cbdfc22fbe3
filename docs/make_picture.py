"""Draw docs/picture.svg, the picture at the head of the README: apprehensions by sector, as the model expects them and as published.

python docs/make_picture.py [RESULTS]          RESULTS: results.nc of `corredor run mexico-2018`, else 500 draws are simulated
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path

import xarray as xr

from corredor._simulate import simulate
from corredor.pages.charts.fan_chart import fan_chart
from corredor.pages.report.choices import parts_by_place
from corredor.pages.report.figure import fan_plot
from corredor.pages.report.published import observations
from corredor.results.netcdf import read_run
from corredor.results.view import read_run as read_for_report

OUTPUT = "us_apprehensions"
PANEL_PX, HEIGHT_PX, TITLE_PX, GAP_PX, COLUMNS = 300.0, 170.0, 22.0, 14.0, 3
COLOURS = "--ink:#1b1b19;--muted:#5f5d57;--line:#dedbd2;--paper:#fff;--sans:system-ui,sans-serif"


def main() -> None:
    """Write the picture beside this script."""
    dataset = read_run(Path(sys.argv[1])) if len(sys.argv) > 1 else _run()
    Path(__file__).with_name("picture.svg").write_text(picture_text(dataset, OUTPUT), encoding="utf-8")


def picture_text(dataset: xr.Dataset, output: str) -> str:
    """A fan for each place of an output, as one picture that stands alone."""
    run = read_for_report(dataset)
    observed = observations(run)
    parts = parts_by_place(run, observed, output)
    if parts is None:
        raise SystemExit(f"{output} has no places")
    panels = []
    for number, series in enumerate(parts.series):
        plot = fan_plot(run, observed, series, run.name_of(series.place or series.group))
        x = (number % COLUMNS) * (PANEL_PX + GAP_PX)
        y = (number // COLUMNS) * (HEIGHT_PX + TITLE_PX + GAP_PX)
        title = f'<text x="0" y="14" style="font-weight:600;fill:var(--ink)">{plot.title}</text>'
        panels.append(f'<g transform="translate({x:g} {y:g})">{title}<g transform="translate(0 {TITLE_PX:g})">')
        panels.append(str(fan_chart(plot, PANEL_PX, HEIGHT_PX)) + "</g></g>")
    rows = -(-len(parts.series) // COLUMNS)
    width, height = COLUMNS * (PANEL_PX + GAP_PX), rows * (HEIGHT_PX + TITLE_PX + GAP_PX)
    style = resources.files("corredor.pages").joinpath("templates", "figures.css").read_text(encoding="utf-8")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -6 {width + 8:g} {height + 6:g}" style="{COLOURS}">'
        f"<!-- study {dataset.attrs['study_hash']}, seed {dataset.attrs['seed']}, {dataset.attrs['draws']} draws -->"
        f'<style>{style}</style><rect x="-8" y="-6" width="100%" height="100%" fill="#fff"/>{"".join(panels)}</svg>\n'
    )


def _run() -> xr.Dataset:
    """What `corredor run mexico-2018` simulates, its fit included."""
    return simulate("mexico-2018", draws=500, seed=1)


if __name__ == "__main__":
    main()
