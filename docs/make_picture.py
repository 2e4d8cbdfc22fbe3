"""Draw docs/picture.svg, the picture at the head of the README: apprehensions by sector, as the model expects them and as published.

python docs/make_picture.py [RESULTS]          RESULTS: results.nc of `corredor run mexico-2018`, else 500 draws are simulated
"""

from __future__ import annotations

import sys
from pathlib import Path

import xarray as xr
from stands_alone import small_multiples

from corredor._simulate import simulate
from corredor.pages.charts.fan_chart import fan_chart
from corredor.pages.report.choices import parts_by_place
from corredor.pages.report.figure import fan_plot
from corredor.pages.report.published import observations
from corredor.results.netcdf import read_run
from corredor.results.view import read_run as read_for_report

OUTPUT = "us_apprehensions"
PANEL_PX, HEIGHT_PX, COLUMNS = 300.0, 170.0, 3


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
    plots = [fan_plot(run, observed, series, run.name_of(series.place or series.group)) for series in parts.series]
    charts = ((plot.title, str(fan_chart(plot, PANEL_PX, HEIGHT_PX))) for plot in plots)
    note = f"study {dataset.attrs['study_hash']}, seed {dataset.attrs['seed']}, {dataset.attrs['draws']} draws"
    return small_multiples(charts, PANEL_PX, HEIGHT_PX, COLUMNS, note)


def _run() -> xr.Dataset:
    """What `corredor run mexico-2018` simulates, its fit included."""
    return simulate("mexico-2018", draws=500, seed=1)


if __name__ == "__main__":
    main()
