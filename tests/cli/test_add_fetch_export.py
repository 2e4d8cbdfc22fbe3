"""Do `add`, `fetch` and `export` keep their word? As a person types them; every number is made up."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from published import SAMPLES, copy_of_study, sample
from sheets import CUADRO, xlsx

from corredor import cli

CBP = ["cbp", SAMPLES / "cbp-fy21-feb.csv", "--to", "study", "--output", "arrivals", "--only", "component=U.S. Border Patrol"]


class Done(NamedTuple):
    """What a command left."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def corredor(monkeypatch, capsys) -> Callable[..., Done]:
    """Run a command in this process, its cache in the folder `home`; `without` a library, as if it were not installed."""

    def command(*words: object, cwd: Path, without: str = "") -> Done:
        with monkeypatch.context() as patch:
            patch.chdir(cwd)
            patch.setenv("HOME", str(cwd / "home"))
            patch.setenv("XDG_CACHE_HOME", "")
            patch.setattr(sys, "argv", ["corredor", *map(str, words)])
            if without:
                patch.setitem(sys.modules, without, None)
            capsys.readouterr()
            with pytest.raises(SystemExit) as left:
                cli.main()
        return Done(int(str(left.value.code)), *capsys.readouterr())

    return command


@pytest.fixture
def here(tmp_path: Path) -> Path:
    copy_of_study(tmp_path)
    return tmp_path


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SAMPLES)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_add_writes_rows_that_check_accepts(corredor, here):
    before = state(here)
    shown = corredor("add", *CBP, "--vintage", "2021-03-08", "--show", cwd=here)
    assert shown.returncode == cli.WELL
    assert "would be added" in shown.stderr
    assert state(here) == before
    done = corredor("add", *CBP, "--vintage", "2021-03-08", "--json", cwd=here)
    assert done.returncode == cli.WELL, done.stderr
    added = json.loads(done.stdout)
    assert [row["value"] for row in added["rows"]] == ["1234", "40"]
    assert added["files"] == ["sources.csv", "observations.csv"]
    assert len(added["revised"]) == 1 and added["known"] == 0 and len(added["remarks"]) == 2
    checked = corredor("check", "study", "--json", cwd=here)
    assert (checked.returncode, json.loads(checked.stdout)["observations"]) == (0, 15)
    changed = {name for name, content in state(here).items() if before[name] != content}
    assert changed == {"study/sources.csv", "study/observations.csv"}


def test_source_fields_are_those_given(corredor, here):
    facts = [
        "--source",
        "my_file",
        "--publisher",
        "An agency",
        "--licence",
        "CC0",
        "--accessed",
        "2021-05-06",
        "--title",
        "A table",
    ]
    done = corredor("add", *CBP, "--vintage", "2021-03-08", *facts, "--url", "https://example.org/a?token=SECRET&b=1", cwd=here)
    assert done.returncode == 0, done.stderr
    line = (here / "study" / "sources.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert line == "my_file,An agency,A table,2021-03-08,https://example.org/a?b=1,CC0,2021-05-06"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "cpb", "x.csv", "--to", "study", "--output", "arrivals"], "did you mean cbp?"),
        (["add", "cbp", "x.csv", "--to", "study"], "--output NAME for observations, or --driver NAME"),
        (["add", "cbp", "x.csv", "--to", "study", "--output", "a", "--driver", "b"], "--output NAME for observations"),
        (["add", "cbp", "--to", "study", "--output", "arrivals"], "--url ADDRESS"),
        (["add", *CBP, "--vintage", "March 2021"], "YYYY-MM-DD"),
        (["add", *CBP, "--vintage", "2021-03-08", "--vintage", "2021-03-09"], "2 --vintage for 1 files"),
        (["add", *CBP, "--only", "demographic"], "--only PART=VALUE"),
        (["fetch", "http://127.0.0.1:9/", "--out", "x", "--header", "token"], "--header NAME=VALUE"),
        (["export", "none", "--to", "tableau", "--out", "x"], 'Choose from: "csv", "parquet", "netcdf", "flowmap", "flee"'),
    ],
)
def test_wrong_usage_is_told(corredor, words, said, here):
    before = state(here)
    done = corredor(*words, cwd=here)
    assert done.returncode == cli.USAGE
    assert said in done.stderr
    assert done.stdout == "" and "Traceback" not in done.stderr
    assert state(here) == before


def test_problems_of_a_file_as_text_and_as_json(corredor, here):
    (here / "page.csv").write_text("<!DOCTYPE html><html></html>")
    words = ["add", "cbp", "page.csv", "--to", "study", "--output", "arrivals", "--vintage", "2021-03-08"]
    done = corredor(*words, cwd=here)
    assert done.returncode == cli.INVALID
    assert "page.csv:1:1" in done.stderr and "a web page" in done.stderr and "nothing was written" in done.stderr
    done = corredor(*words, "--json", cwd=here)
    (problem,) = json.loads(done.stdout)["problems"]
    assert (done.returncode, problem["file"], problem["line"]) == (cli.INVALID, "page.csv", 1)
    done = corredor("add", "cbp", "none.csv", "--to", "study", "--output", "arrivals", cwd=here)
    assert (done.returncode, "No such file" in done.stderr) == (cli.INVALID, True)


def test_add_from_an_address_keeps_the_file_and_says_where_it_came_from(corredor, here, address):
    words = ["--to", "study", "--driver", "harvest", "--url", f"{address}/world-bank.json?api_key=SECRET"]
    done = corredor("add", "world-bank", *words, "--json", cwd=here)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["rows"]) == 2
    line = (here / "study" / "sources.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert f"{address}/world-bank.json" in line and "SECRET" not in line
    assert (here / "home" / ".cache" / "corredor").is_dir()


def test_fetch_writes_the_file_once_from_the_network_once_from_the_cache(corredor, here, address):
    words = ["fetch", f"{address}/hxl.csv", "--out", "got/hxl.csv", "--cache", "cache", "--json"]
    first, second = (json.loads(corredor(*words, cwd=here).stdout) for _ in range(2))
    assert (first["from_cache"], second["from_cache"]) == (False, True)
    assert (here / "got" / "hxl.csv").read_bytes() == sample("hxl.csv")
    assert first["bytes"] == len(sample("hxl.csv"))


def test_a_source_that_is_not_there_is_status_4_and_nothing_is_written(corredor, here, address):
    before = state(here)
    for words in (
        ["fetch", f"{address}/none.csv", "--out", "x.csv"],
        ["add", "cbp", "--url", f"{address}/none.csv", "--to", "study", "--output", "arrivals", "--vintage", "2021-03-08"],
    ):
        done = corredor(*words, cwd=here)
        assert done.returncode == cli.UNREACHABLE
        assert "answered 404" in done.stderr and "try: " in done.stderr
        assert "Traceback" not in done.stderr
    assert state(here) == before


def test_missing_extras_are_told(corredor, here, address):
    (here / "b.xlsx").write_bytes(xlsx({"Cuadro": CUADRO}))
    done = corredor("fetch", f"{address}/hxl.csv", "--out", "x.csv", cwd=here, without="httpx")
    assert (done.returncode, "pip install 'corredor[fetch]'" in done.stderr) == (cli.USAGE, True)
    words = ["add", "boletin-mx", "b.xlsx", "--to", "study", "--output", "departures", "--vintage", "2021-03-05"]
    done = corredor(*words, cwd=here, without="python_calamine")
    assert (done.returncode, "pip install 'corredor[sheets]'" in done.stderr) == (cli.USAGE, True)


def test_export_of_a_run(corredor, here):
    assert corredor("run", "two-towns", "--draws", 3, "--out", "run", cwd=here).returncode == 0
    for to, expected in (("csv", "arrivals.csv"), ("parquet", "arrivals.parquet"), ("flowmap", "flows.csv"), ("flee", "out.csv")):
        done = corredor("export", "run", "--to", to, "--out", to, "--json", cwd=here)
        assert done.returncode == 0, done.stderr
        files = json.loads(done.stdout)["files"]
        assert f"{to}/{expected}" in [Path(file).as_posix() for file in files]
        assert sorted(path.name for path in (here / to).iterdir()) == sorted(Path(file).name for file in files)
    with_small = corredor(
        "export", "run", "--to", "csv", "--out", "all", "--draws", "--show-small-cells", "a made-up study", cwd=here
    )
    assert with_small.returncode == 0
    assert ",draw,value" in (here / "all" / "arrivals.csv").read_text(encoding="utf-8").splitlines()[0]
    done = corredor("export", "run", "--to", "parquet", "--out", "p", cwd=here, without="pyarrow")
    assert (done.returncode, "corredor[parquet]" in done.stderr, (here / "p").exists()) == (cli.USAGE, True, False)
    done = corredor("export", "run", "--to", "flowmap", "--output", "arrivals", "--out", "f", cwd=here)
    assert (done.returncode, "departures" in done.stderr) == (cli.INVALID, True)
    done = corredor("export", "none.nc", "--to", "csv", "--out", "f", cwd=here)
    assert (done.returncode, "no such file" in done.stderr) == (cli.INVALID, True)
