"""The charts of the pages for a notebook: `corredor.plot.fan(dataset, "arrivals")` and the like, each a `Figure`."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from textwrap import wrap

import pandas as pd
import xarray as xr

from corredor.effects.claims import Finding
from corredor.effects.compare.effects import Comparison, effect_table
from corredor.pages.charts.effect_chart import EffectRow, effect_chart
from corredor.pages.charts.fan_chart import fan_chart
from corredor.pages.charts.svg import Svg
from corredor.pages.claims.page import pictures_of
from corredor.pages.picture_file import save_picture
from corredor.pages.report.choices import marked_dates
from corredor.pages.report.comparison_figures import time_figure
from corredor.pages.report.figure import FULL_PX, fan_plot, unit_words
from corredor.pages.report.published import observations
from corredor.pages.report.routes import route_map
from corredor.pages.report.waits import waiting_figures
from corredor.results.accessor import RunAccessor
from corredor.results.coverage import coverage_table
from corredor.results.view import Series, read_run
from corredor.results.wording import Wording
from corredor.study.arguments import choice_of
from corredor.study.problems import ArgumentError

COLOURS = (
    "--ink:#1b1b1a;--muted:#62605a;--line:#e2ded4;--paper:#fff;--sea:#eef2f4;--land:#e3dfd4;--halo:#f3f1ea;--flow:#0a66a3;"
    "--flow-head:#063f66;--hue:#0a66a3;--raised:#f3f1ea;--sans:system-ui,Helvetica,Arial,'DejaVu Sans',sans-serif"
)

LETTER_PX, LINE_PX = 9.3, 20.0
"""Room for a letter and a line of the heading."""


@dataclass(frozen=True)
class Figure:
    """A picture that stands alone, with the numbers behind it. A notebook shows it.

    svg : the whole picture as SVG text, colours included
    """

    title: str
    svg: str
    numbers: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """The numbers that are drawn."""
        return self.numbers

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file whose name ends in .svg, .png or .pdf; the last two need the extra `pictures`.

        Raises
        ------
        ValueError
            Another ending.
        ImportError
            The extra is missing; the text says how to install it.
        """
        target = Path(path)
        save_picture(self.svg, self.title, target)
        return target

    def __repr__(self) -> str:
        return f"Figure: {self.title} ({len(self.numbers)} rows in table())"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        # as an image, so that the styles of one picture do not reach the next
        code = base64.b64encode(self.svg.encode()).decode()
        return f'<img alt="{escape(self.title)}" src="data:image/svg+xml;base64,{code}">'


def fan(dataset: xr.Dataset, output: str, place: str | None = None, group: str | None = None) -> Figure:
    """An output over time: median, 50, 80 and 95 % bands, and the published figures as dots.

    Parameters
    ----------
    dataset
        Of `simulate` or `forecast`.
    output, place, group
        As of `Dataset.corredor.total`.

    Examples
    --------
    >>> plot.fan(simulate("two-towns", draws=3), "crossings")
    Figure: People who got across away from the port (6 rows in table())
    """
    run, numbers = read_run(dataset), RunAccessor(dataset).bands(output, place, group)
    series = Series(output, place or "", group or "")
    parts = [run.title(output), *(run.name_of(key) for key in (place, group) if key)]
    title = ", ".join(parts)
    marks = marked_dates(run) if len(parts) == 1 else []
    plot = fan_plot(run, observations(run), series, title, marks)
    return _figure(f"{title}, {unit_words(run, output)}", title, fan_chart(plot, FULL_PX, 0.3 * FULL_PX), numbers)


def map(dataset: xr.Dataset) -> Figure:
    """The places of a study and the median flow along its routes.

    Parameters
    ----------
    dataset
        Of `simulate` or `forecast`.

    Examples
    --------
    >>> plot.map(simulate("two-towns", draws=3)).table().columns[:2].tolist()
    ['from', 'to']
    """
    run = read_run(dataset)
    found = route_map(run)
    if found is None or found.picture is None:
        raise ArgumentError("dataset", "a study without places", "one with places on a map", "another figure, such as plot.fan")
    name = next((name for name in run.outputs if "route" in dataset[name].dims), None)
    numbers = RunAccessor(dataset).route_totals(name) if name else pd.DataFrame(columns=["from", "to"])
    return _figure(f"{found.title}, {found.unit}", found.title, found.picture.wide, numbers)


def effect(dataset: xr.Dataset, output: str | None = None) -> Figure:
    """An output with and without a measure or scenario over time, and the difference below.

    Parameters
    ----------
    dataset
        Of `compare`.
    output
        The first output of control unless given.

    Examples
    --------
    >>> plot.effect(compare("two-towns", without="bridge_patrols", draws=2), "arrivals").svg[:4]
    '<svg'
    """
    if "scenario" not in dataset.dims:
        raise ArgumentError("dataset", "one scenario", "a Dataset of corredor.compare, with two", "plot.fan")
    found = Comparison(dataset)
    name = choice_of(output or found.main_output(), "output", (*found.outputs, *found.accounts))
    run = read_run(dataset.sel(scenario="with"))
    drawn = time_figure(found, run, name)
    assert drawn.picture is not None
    numbers = effect_table(dataset)
    return _figure(f"{drawn.title}, {drawn.unit}", drawn.title, drawn.picture.wide, numbers[numbers["output"] == name])


def coverage(dataset: xr.Dataset) -> Figure:
    """How many of the published figures of each output lie inside the 80 % band of the model; 80 of 100 would be right.

    Parameters
    ----------
    dataset
        Of `simulate` or `forecast`.

    Examples
    --------
    >>> plot.coverage(simulate("two-towns", draws=3)).table().columns[2]
    'figures'
    """
    numbers, words = coverage_table(dataset), "Published figures inside the 80 % band, in percent"
    if not len(numbers):
        raise ArgumentError("dataset", "no published figure", "a study with observations.csv", "another figure, such as plot.fan")
    rows = [
        EffectRow(
            f"{row.title} ({row.figures}{', seen by the fit' if row.seen else ''})", *[100.0 * float(str(row.inside_80))] * 5
        )
        for row in numbers.itertuples()
    ]
    return _figure(words, words, effect_chart(words, rows, FULL_PX, Wording("percent"), signs=False), numbers)


def waits(dataset: xr.Dataset, output: str | None = None) -> Figure:
    """How long those who were served had waited.

    Parameters
    ----------
    dataset
        Of `simulate` or `forecast`.
    output
        One that counts days waited; the first one unless given.

    Examples
    --------
    >>> plot.waits(simulate("two-towns", draws=3)).table().columns.tolist()
    ['low80', 'median', 'high80']
    """
    run = read_run(dataset)
    known = [name for name in run.outputs if "wait_bin" in dataset[name].dims]
    name = choice_of(output or next(iter(known), ""), "output", known)
    drawn = waiting_figures(run)[known.index(name)]
    if drawn.picture is None:
        raise ArgumentError("output", name, "one that served somebody", "another output, or more draws")
    served = dataset[name].sum([d for d in dataset[name].dims if d not in ("draw", "wait_bin")], skipna=True)
    numbers = (served / served.sum("wait_bin")).quantile([0.1, 0.5, 0.9], "draw").to_pandas().T
    numbers.columns = pd.Index(["low80", "median", "high80"])
    return _figure(f"{drawn.title}, {drawn.unit}", drawn.title, drawn.picture.wide, numbers)


def verdict(finding: Finding) -> Figure:
    """What stands behind the verdict on a claim: effects side by side, or the published figures.

    Parameters
    ----------
    finding
        One of those that `check_claims` returns.

    Examples
    --------
    >>> plot.verdict(check_claims("two-towns", draws=3)[0]).table().columns[0]
    'text'
    """
    pictures = pictures_of(finding)
    if not pictures:
        raise ArgumentError(
            "finding", f"{finding.claim.id}, a claim without numbers to draw", "another finding", "finding.evidence"
        )
    numbers = pd.DataFrame([row.as_json() for row in finding.evidence], columns=["text", "sources", "figures"])
    return _figure(
        f"{finding.claim.says.rstrip('.')}: {finding.judgement.verdict}", pictures[0].caption, pictures[0].wide, numbers
    )


def _figure(title: str, words: str, chart: Svg, numbers: pd.DataFrame) -> Figure:
    """A chart with its heading, style and colours in one SVG."""
    templates = resources.files("corredor.pages").joinpath("templates")
    style = "".join(templates.joinpath(name).read_text(encoding="utf-8") for name in ("figures.css", "claims.css"))
    width, height = (float(chart.split(f' {key}="', 1)[1].split('"', 1)[0]) for key in ("width", "height"))
    lines = wrap(title, int(width / LETTER_PX))
    above = 12 + LINE_PX * len(lines)
    head = "".join(
        f'<text x="0" y="{LINE_PX * number - above + 17:g}" style="font-size:15px;font-weight:600;fill:var(--ink)">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    box = f'width="{width + 16:g}" height="{height + above + 8:g}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} viewBox="-8 {-above:g} {width + 16:g} {height + above + 8:g}" style="{COLOURS}">'
        f'<style>{escape(style, quote=False)}</style><rect x="-8" y="{-above:g}" {box} fill="#fff"/>{head}{chart}</svg>\n'
    )
    return Figure(words, svg, numbers)
