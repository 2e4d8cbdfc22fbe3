"""Is a store in which files are lost or garbled refused with a sentence, never read as if nothing were, and mended by the run's command?"""

import json
import shutil

import pytest

from corredor import cli

RUN = ("run", "two-towns", "--draws", 6, "--jobs", 1, "--chunk", 2, "--store", "store", "--out", "out")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store, its report and its tables, as a run leaves them when nothing goes wrong."""
    from corredor import simulate
    from corredor.exchange.export.tidy import write_tidy
    from corredor.pages.artefacts.again import rewrite_pages

    folder = tmp_path_factory.mktemp("whole")
    dataset = simulate("two-towns", draws=6, jobs=1, chunk=2, store=folder / "store")
    rewrite_pages(dataset, folder)
    write_tidy(dataset, folder / "tables", "csv")
    return folder


def changed(file, change):
    facts = json.loads(file.read_text(encoding="utf-8"))
    change(facts)
    file.write_text(json.dumps(facts), encoding="utf-8")


def a_chunk(array):
    return next(path for path in sorted((array / "c").rglob("*")) if path.is_file())


def with_one_bit_turned(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


DAMAGE = {
    "a chunk of draws is gone": lambda store: a_chunk(store / "crossings").unlink(),
    "a chunk of draws is empty": lambda store: a_chunk(store / "crossings").write_bytes(b""),
    "a chunk of draws has another bit": lambda store: with_one_bit_turned(a_chunk(store / "crossings")),
    "an output is gone": lambda store: shutil.rmtree(store / "arrivals"),
    "names of places are gone": lambda store: shutil.rmtree(store / "place"),
    "weeks are gone": lambda store: a_chunk(store / "week").unlink(),
    "published figures are empty": lambda store: a_chunk(store / "observation_value").write_bytes(b""),
    "a mark is cut off": lambda store: a_chunk(store / "finished" / "sha256").write_bytes(b"\x28"),
    "marks are gone": lambda store: shutil.rmtree(store / "finished"),
    "nothing is said of arrays": lambda store: changed(
        store / "zarr.json", lambda facts: facts["consolidated_metadata"]["metadata"].clear()
    ),
    "an array has fewer draws than others": lambda store: (
        changed(store / "zarr.json", lambda facts: facts.pop("consolidated_metadata")),
        changed(store / "arrivals" / "zarr.json", lambda facts: facts["shape"].__setitem__(0, 2)),
    ),
    "the model is half there": lambda store: changed(store / "zarr.json", lambda facts: facts["attributes"].update(model="{")),
    "the model is gone": lambda store: changed(store / "zarr.json", lambda facts: facts["attributes"].pop("model")),
}

UNREADABLE = {
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:500]),
    "empty": lambda file: file.write_bytes(b""),
    "garbled": lambda file: file.write_bytes(b"\xff\0" * 50),
    "a list": lambda file: file.write_text("[]"),
    "of an array": lambda file: changed(file, lambda facts: facts.update(node_type="array")),
}


def assert_refused(done, tmp_path):
    assert done.returncode == cli.USAGE, done.stderr
    assert "store\n  found     store" in done.stderr and "expected" in done.stderr and "try" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.html")) and not (tmp_path / "tables").exists()


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_store_is_refused_and_mended_by_the_command_of_its_run(what, whole, here, tmp_path):
    shutil.copytree(whole / "store", tmp_path / "store")
    DAMAGE[what](tmp_path / "store")
    assert_refused(here("report", "store"), tmp_path)
    assert_refused(here("export", "store", "--to", "csv", "--out", "tables"), tmp_path)
    done = here(*RUN)
    assert done.returncode == cli.WELL, done.stderr
    assert here("export", "store", "--to", "csv", "--out", "tables").returncode == cli.WELL
    for table in (whole / "tables").iterdir():
        assert (tmp_path / "tables" / table.name).read_bytes() == table.read_bytes(), table.name


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_store_that_does_not_say_whose_it_is_is_refused_and_left_alone(what, whole, here, tmp_path):
    shutil.copytree(whole / "store", tmp_path / "store")
    UNREADABLE[what](tmp_path / "store" / "zarr.json")
    before = {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()}
    assert_refused(here("report", "store"), tmp_path)
    assert_refused(here("verify", "store"), tmp_path)
    assert_refused(here(*RUN), tmp_path)
    assert before == {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()}


def test_a_store_whose_growing_was_stopped_between_two_arrays_grows_on(whole, here, tmp_path):
    """The array by which the number of draws is known has room for the new ones already, others have not."""
    store = tmp_path / "store"
    shutil.copytree(whole / "store", store)
    changed(store / "zarr.json", lambda facts: facts.pop("consolidated_metadata"))
    changed(store / "draw" / "zarr.json", lambda facts: facts["shape"].__setitem__(0, 9))
    done = here(*RUN[:3], 9, *RUN[4:])
    assert done.returncode == cli.WELL, done.stderr
    assert here("export", "store", "--to", "csv", "--out", "tables").returncode == cli.WELL
    assert here("run", "two-towns", "--draws", 9, "--out", "memory").returncode == cli.WELL
    assert here("export", "memory", "--to", "csv", "--out", "of_memory").returncode == cli.WELL
    for table in (tmp_path / "of_memory").iterdir():
        assert (tmp_path / "tables" / table.name).read_bytes() == table.read_bytes(), table.name
