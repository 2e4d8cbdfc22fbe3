"""Pictures as inline SVG: numbers in, markup out. Nothing here knows a study or a Dataset.

wording      numbers and dates as a reader sees them; small cells are suppressed here
scales       people and dates → pixels, with round ticks
svg          markup with escaped text; colours are CSS classes (templates/figures.css), so that dark mode and print need no second picture
fans         draws → quantiles; published figures beside them
fan_chart    one fan · small_multiples  many fans on few scales · distribution_chart  days waited
outline      land and borders · labels  names that do not collide · flow_map  routes as wide as their flows

Matplotlib is not used: its SVG is ten times as heavy, its text becomes outlines or loses its size, and its colours cannot follow the page.
"""

from corredor.pages.charts.distribution_chart import WaitingTimes, waiting_chart, waiting_times
from corredor.pages.charts.fan_chart import FanPlot, fan_chart
from corredor.pages.charts.fans import DateMark, Fan, PublishedFigure, fan_of
from corredor.pages.charts.flow_map import Flow, FlowMap, MapPlace, flow_map
from corredor.pages.charts.small_multiples import Tier, tiers
from corredor.results.wording import Wording

__all__ = [
    "DateMark",
    "Fan",
    "FanPlot",
    "Flow",
    "FlowMap",
    "MapPlace",
    "PublishedFigure",
    "Tier",
    "WaitingTimes",
    "Wording",
    "fan_chart",
    "fan_of",
    "flow_map",
    "tiers",
    "waiting_chart",
    "waiting_times",
]
