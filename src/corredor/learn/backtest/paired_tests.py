"""corredor beside each other method, origin by origin: ratios of mean errors with the interval that chance allows."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pandas as pd

from corredor.learn.backtest.at_origin import OWN
from corredor.learn.backtest.rolling import Backtest
from corredor.learn.paired import UNKNOWN_MONTHS, paired_ratio
from corredor.study.calendar import read_month

MEAN, SERIES, TOTAL = "mean of series", "series", "total"
"""What a row of the tables is about: the mean error of all published series of an output, one of them, or a total of them."""


def paired_table(test: Backtest) -> pd.DataFrame:
    """corredor against each other method, by output, month ahead and series.

    returns : columns output, place, group, scope (MEAN, SERIES or TOTAL), parts (series in the mean or total), horizon_months, method (the
        other one), crps, crps_other (people), ratio, low, high (interval of 95 %; missing where it is not given), verdict (better, worse,
        no difference told, too few origins), origins, block, needed; empty without corredor or without another method. A mean or total
        of an origin is that of the series scored at it
    """
    if OWN not in test.methods or len(test.methods) < 2:
        return pd.DataFrame()
    spacing = months_between(test.origins)
    made = []
    for (output, ahead), part in test.rows.groupby(["output", "horizon_months"], sort=False):
        for (scope, place, group), rows in _scopes(part):
            errors = rows.pivot_table(index="origin", columns="method", values="crps", aggfunc="mean").sort_index()
            n_parts = int(rows["parts"].max()) if scope == TOTAL else len(rows[["place", "group"]].drop_duplicates())
            named = {"output": output, "place": place, "group": group, "scope": scope, "parts": n_parts, "horizon_months": ahead}
            for method in (method for method in test.methods if method != OWN):
                own, other = errors[OWN].to_numpy(), errors[method].to_numpy()
                told = paired_ratio(own, other, (float(ahead) + UNKNOWN_MONTHS) / spacing, test.seed)
                means = {"method": method, "crps": own.mean(), "crps_other": other.mean()}
                made.append({**named, **means, **asdict(told), "verdict": told.verdict})
    return pd.DataFrame(made).astype({"low": float, "high": float})


def months_between(origins: tuple[str, ...]) -> int:
    """Months from one origin to the next; 1 for a single origin."""
    numbers = [read_month(origin) or 0 for origin in origins]
    return int(np.min([later - earlier for earlier, later in pairwise(numbers)])) if len(numbers) > 1 else 1


def _scopes(rows: pd.DataFrame) -> list[tuple[tuple[str, str, str], pd.DataFrame]]:
    """The published series together, then each of them and each total alone."""
    published = rows[rows["parts"] == 1]
    alone = [
        ((SERIES if (part["parts"] == 1).all() else TOTAL, str(place), str(group)), part)
        for (place, group), part in rows.groupby(["place", "group"], sort=False)
    ]
    return [((MEAN, "", ""), published), *alone]
