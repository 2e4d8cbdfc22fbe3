"""Is a backtest the same on any number of threads, and when it was stopped on its way?"""

import json

import numpy as np
import pytest
from backtesting import FAST, years_study

from corredor.engine.checkpoint import NAME
from corredor.learn.backtest import Stopped, at_origin, backtest
from corredor.pages.artefacts.backtest import write_backtest

METHODS = ("corredor", "last_value", "seasonal_naive")
ORIGINS = "2020-06:2020-08"


def run(keep_in=None, jobs=1, progress=None, seed=1):
    return backtest(
        years_study(),
        origins=ORIGINS,
        months=2,
        methods=METHODS,
        **FAST,
        seed=seed,
        jobs=jobs,
        progress=progress,
        keep_in=keep_in,
    )


def finished(folder):
    with np.load(folder / NAME) as kept:
        return sorted(set(kept) - {"fingerprint"})


@pytest.fixture(scope="module")
def whole():
    return run()


def test_threads_change_nothing(whole):
    assert run(jobs=3).rows.equals(whole.rows)


def test_a_stopped_backtest_goes_on_to_the_same_result(whole, tmp_path, monkeypatch):
    seen = []

    def stop_after_two(done, total):
        seen.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(keep_in=tmp_path, progress=stop_after_two)
    assert finished(tmp_path) == ["2020-06", "2020-07"]
    made = []
    honest = at_origin.own_forecast
    monkeypatch.setattr(at_origin, "own_forecast", lambda *arguments: made.append(1) or honest(*arguments))
    again = run(keep_in=tmp_path)
    assert again.rows.equals(whole.rows) and again.fits.equals(whole.fits)
    assert len(made) == 1, "finished origins are not forecast again"
    assert finished(tmp_path) == ["2020-06", "2020-07", "2020-08"], "kept until the results are written"
    write_backtest(again, tmp_path)
    assert not (tmp_path / NAME).exists()


def test_a_folder_may_be_a_text(whole, tmp_path):
    assert run(keep_in=str(tmp_path / "kept")).rows.equals(whole.rows)
    assert finished(tmp_path / "kept") == ["2020-06", "2020-07", "2020-08"]
    with pytest.raises(ValueError, match="keep_in"):
        run(keep_in=3)


def test_a_file_cut_off_on_its_way_counts_as_none(whole, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(keep_in=tmp_path, progress=_stop)
    (tmp_path / NAME).write_bytes((tmp_path / NAME).read_bytes()[:200])
    assert run(keep_in=tmp_path).rows.equals(whole.rows)


def test_what_another_order_left_is_not_used(whole, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(keep_in=tmp_path, seed=2, progress=_stop)
    with np.load(tmp_path / NAME) as kept:
        other = json.loads(str(kept["2020-06"]))
    rows = run(keep_in=tmp_path).rows
    assert rows.equals(whole.rows)
    assert [row["median"] for row in other["rows"]] != rows["median"][: len(rows) // 3].tolist()


def test_a_stop_while_an_origin_is_under_way_says_how_many_are_finished(monkeypatch, tmp_path):
    honest, calls = at_origin.own_forecast, []

    def stopped_at_the_second(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return honest(*arguments)

    monkeypatch.setattr(at_origin, "own_forecast", stopped_at_the_second)
    with pytest.raises(Stopped) as stopped:
        run(keep_in=tmp_path)
    assert stopped.value.finished == 1
    assert finished(tmp_path) == ["2020-06"]


def _stop(*_):
    raise KeyboardInterrupt
