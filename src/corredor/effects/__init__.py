"""What a measure changed, and whether a public claim holds.

In: a Model, a scenario or claims. Out: Datasets of two scenarios, effects with intervals, findings.
May not know: pages.
"""
