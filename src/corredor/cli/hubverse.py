"""What `corredor forecast --export hubverse` and `corredor score --hub` have of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from corredor.cli.saying import Refused, print_json, print_table, say, writing

if TYPE_CHECKING:
    import xarray as xr

    from corredor.exchange.hubverse.beside import HubScores
    from corredor.exchange.hubverse.names import HorizonUnit
    from corredor.study.model import Model


def check_hubverse(model: Model) -> None:
    """Whether there is a series to forecast by month, before any work is done.

    raises : Refused
    """
    from corredor.exchange.hubverse.write import forecast_series

    if not forecast_series(model):
        found = (
            f"no figure of {model.name} counts a whole calendar month with one value, so there is no series for a forecast hub"
        )
        raise Refused(found, "a study with monthly figures such as mexico-border-2011, or leave out --export")


def export_hubverse(dataset: xr.Dataset, model: Model, folder: Path) -> dict[str, Any]:
    """Write a forecast for forecast hubs and say where; the files as JSON has them."""
    from corredor.exchange.hubverse.write import write_hubverse

    with writing(folder):
        written = write_hubverse(dataset, model, folder)
    say("\n".join(filter(None, [f"for forecast hubs: {written.files[0]}", written.remark])))
    return {"hubverse": [str(path) for path in written.files]}


def score_hub_files(
    study: str | None, hub: list[Path], target_data: Path | None, horizon_unit: HorizonUnit | None, seed: int, as_json: bool
) -> None:
    """Score model-output files on the figures of a study, or of a hub's target data.

    raises : Refused without either, and where nothing can be compared
    """
    from corredor.exchange.hubverse.beside import NothingInCommon, score_hub
    from corredor.exchange.hubverse.tables import model_outputs, observed_figures
    from corredor.exchange.hubverse.write import study_figures
    from corredor.study.model import load_study

    if study is None and target_data is None:
        raise Refused("no figures to score against", "corredor score STUDY --hub FILES, or --target-data FILE")
    forecasts = model_outputs(hub, horizon_unit)
    observed = observed_figures(target_data) if target_data is not None else study_figures(load_study(str(study)))
    try:
        scores = score_hub(forecasts, observed, seed=seed)
    except NothingInCommon as error:
        raise Refused(str(error), "files of the same hub, and figures of what they forecast") from error
    if as_json:
        print_json(scores.to_dict())
    else:
        _print_hub(scores)
    if passed_by := int(forecasts.attrs["passed_by"]):
        say(f"{passed_by:,} rows that are no quantiles or samples were not scored")
    for model, tasks in scores.left_out.items():
        if tasks:
            say(f"{model}: {tasks:,} of its forecasts were not scored: another model lacks them, or no figure came")


def _print_hub(scores: HubScores) -> None:
    """Scores of every model, and the one that others are held against beside each of them."""

    def held(share: float) -> str:
        return "–" if share != share else f"{100 * share:.0f} %"

    rows = [
        (
            *(
                str(row.target),
                str(row.model),
                f"{row.figures:,}",
                f"{row.wis:,.4g}",
                "–" if row.crps != row.crps else f"{row.crps:,.4g}",
            ),
            *(held(share) for share in (row.cover50, row.cover80, row.cover95)),
        )
        for row in scores.scores.itertuples()
    ]
    columns = ("target", "model", "figures", "WIS", "CRPS", "50 %", "80 %", "95 %")
    title = f"Mean scores, smaller is better, and how often the bands held ({len(scores.levels)} quantiles)"
    print_table(title, columns, rows, left=("target", "model"))
    pairs = [
        (
            *(str(row.target), str(row.model), f"{row.ratio:.2f}"),
            "–" if row.low != row.low else f"{row.low:.2f} to {row.high:.2f}",
            str(row.verdict) + (f" ({row.origins} of {row.needed})" if row.origins < row.needed else ""),
        )
        for row in scores.paired.itertuples()
    ]
    if pairs:
        verdict = f"{scores.beside} is"
        of_pairs = ("target", "against", "ratio of WIS", "interval of 95 %", verdict)
        print_table(f"{scores.beside} beside each other model", of_pairs, pairs, left=("target", "against", verdict))
