"""The first screen of a report: five sentences and a few cards, made from the numbers of any study.

monthly     an output month by month, as published and as simulated
changes     where a series changed most, and which measure or event stands beside it
failures    the published figure that the model misses most
peak, change, failure, unknown, planning    one sentence each
in_short    the five of them · cards  the series as cards, ranked
told        all of it, worked out once for the page, the terminal and JSON
"""
