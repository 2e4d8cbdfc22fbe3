"""Is a backtest the same on any number of threads, and when it was stopped on its way?"""

import json

import pytest
from backtesting import FAST, years_study

from corredor.learn.backtest import Stopped, backtest
from corredor.learn.backtest.rolling import KEPT

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


@pytest.fixture(scope="module")
def whole():
    return run()


def test_threads_change_nothing(whole):
    assert run(jobs=3).rows.equals(whole.rows)


def test_a_stopped_backtest_goes_on_to_the_same_result(whole, tmp_path):
    seen = []

    def stop_after_two(done, total):
        seen.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(keep_in=tmp_path, progress=stop_after_two)
    assert sorted(path.name for path in (tmp_path / KEPT).iterdir()) == ["2020-06.json", "2020-07.json"]
    # a file cut off on its way counts as none
    damaged = tmp_path / KEPT / "2020-07.json"
    damaged.write_text(damaged.read_text()[:200])
    assert run(keep_in=tmp_path).rows.equals(whole.rows)
    assert not (tmp_path / KEPT).exists()


def test_what_another_order_left_is_not_used(whole, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(keep_in=tmp_path, seed=2, progress=_stop)
    other = (tmp_path / KEPT / "2020-06.json").read_text()
    rows = run(keep_in=tmp_path).rows
    assert rows.equals(whole.rows)
    assert [row["median"] for row in json.loads(other)["rows"]] != rows["median"][: len(rows) // 3].tolist()


def test_a_stop_while_an_origin_is_under_way_says_how_many_are_finished(monkeypatch, tmp_path):
    from corredor.learn.backtest import rolling

    honest, calls = rolling.own_forecast, []

    def stopped_at_the_second(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return honest(*arguments)

    monkeypatch.setattr(rolling, "own_forecast", stopped_at_the_second)
    with pytest.raises(Stopped) as stopped:
        run(keep_in=tmp_path)
    assert stopped.value.finished == 1
    assert [path.name for path in (tmp_path / KEPT).iterdir()] == ["2020-06.json"]


def _stop(*_):
    raise KeyboardInterrupt
