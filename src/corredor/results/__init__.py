"""Counts become names again: one `xarray.Dataset`, and the one view of it.

In: counts of every draw. Out: a labelled Dataset with the published figures beside it.
May not know: how counts were made, or how they will be shown.
"""
