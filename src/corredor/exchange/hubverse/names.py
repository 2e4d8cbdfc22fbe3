"""Words of the hubverse format: names of files and columns.

source : docs.hubverse.io, user guide: model output, sample output type, target data (read for schema version 6)
"""

from __future__ import annotations

import re
from typing import Literal

ORIGINS = ("reference_date", "origin_date", "forecast_date")
"""Columns that say when a forecast was made; the first is the one we write."""

DATES = ("target_end_date", "target_date")
"""Columns that say of which day or period, by its last day, a forecast is."""

OBSERVED_DATES = (*DATES, "date")
"""The same in target data."""

OBSERVED = ("observation", "oracle_value")
"""Column of the observed number in time series, and in oracle output."""

REPRESENTATION = ("output_type", "output_type_id", "value")
OUTPUT_TYPES = ("mean", "median", "quantile", "cdf", "cmf", "pmf", "sample")
SCORED = ("quantile", "sample")

HorizonUnit = Literal["days", "weeks", "months"]

TOTAL = "total"
"""Location or group of a figure that is of all together, in our files."""

QUANTILES = (0.01, 0.025, *(number / 100 for number in range(5, 100, 5)), 0.975, 0.99)
"""Probability levels that we write: the 23 that most hubs ask for."""

FILE_NAME = re.compile(
    r"(?P<round>\d{4}-\d{2}-\d{2}|[A-Za-z0-9_]+)-(?P<model>[A-Za-z0-9_]+-[A-Za-z0-9_]+)"
    r"(?:\.(?:snappy|gzip|gz|brotli|zstd|lz4|lzo|bz2))?\.(?P<kind>csv|parquet)"
)
"""<round>-<team>-<model>.csv or .parquet, where a compression may be named before the ending."""


def model_id(study: str) -> str:
    """What corredor's forecasts of a study are called: team and model, each of letters, digits and underscores."""
    return f"corredor-{re.sub('[^A-Za-z0-9]+', '_', study)}"
