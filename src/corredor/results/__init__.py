"""Counts become names again: one `xarray.Dataset`, and the one view of it.

In: counts of every draw. Out: a labelled Dataset with the published figures beside it.
May not know: how counts were made, or how they will be shown.

dataset     names for counts · netcdf  the file · shape  whether it holds what a run has
store       the same in chunks of draws · store_place  where they are · run_into_store  draws go there as they end
quantiles   exact ones of what is too large for memory · drawn  a series, read some draws or some periods at a time
observe     what would be published in each draw · coverage  how often the bands hold what was published
small_cells which numbers of a table would give small counts away · hidden_rows  those of published figures
hidden_numbers  those of runs and comparisons
view        the one reader of a Dataset's layout, for runs and comparisons · wording  numbers and dates as text
"""
