"""Pictures as inline SVG: numbers in, markup out. Nothing here knows a study or a Dataset.

wording      numbers and dates as a reader sees them; small cells are suppressed here
scales       people and dates → pixels, with round ticks
axes         lines, axes and bands that several charts draw alike
svg          markup with escaped text; colours are CSS classes (templates/figures.css), so that dark mode and print need no second picture
fans         draws → quantiles; published figures beside them
skill_chart, coverage_chart, pit_chart   how good forecasts were
fan_chart    one fan · small_multiples  many fans on few scales · distribution_chart  days waited
outline      land and borders · labels  names that do not collide · map_ground  both, with places and bends
flow_map     routes as wide as their flows

Matplotlib is not used: its SVG is ten times as heavy, its text becomes outlines or loses its size, and its colours cannot follow the page.
"""
