"""Forecasts in the format of forecast hubs (hubverse), so that those of others can be held beside ours, and ours handed in.

names     words of the format, in which both sides agree
write     a forecast of corredor as a model-output file, and the figures known then as target data
tables    model-output and target-data files → rows
parquet   Parquet files as CSV, unpacked apart
beside    scores of several models on the figures that all of them forecast
"""
