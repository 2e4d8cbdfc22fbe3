"""No fixtures live here. That this file exists puts tests/ on the path, so that every test can import `builders` and `walking`."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Each process of the tests has a processor to itself. A second thread of linear algebra only waits there for the first, at full power.
# This is read when NumPy is loaded, which is later; processes that a test starts inherit it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The same examples on every run, and no limit on time: the first example may wait for the kernel to be compiled.
settings.register_profile("corredor", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("corredor")

COMPILES_FIRST = "repro/test_seed.py"
NEEDS_NO_KERNEL = ("docs/test_site.py", "docs/test_mexico_2018_tables.py", "docs/test_imports.py", "problems/test_messages.py")
LONGEST = (
    "statistical/test_claims_on_known_truth.py",
    "cli/test_commands.py",
    "recovery/test_recovery.py",
    "docs/test_compare_page.py",
    "statistical/test_model_laws_of_queues.py",
    "unit/test_python_interface.py",
    "docs/test_tutorials.py",
    "unit/test_report_page.py",
    "unit/test_benchmark_methods.py",
)
IN_ORDER = (COMPILES_FIRST, *NEEDS_NO_KERNEL, *LONGEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that begin a run, in order; each file runs on one process.

    While one process compiles the kernel and keeps it on disk, another has tests that need none, so that it is compiled once. The
    longest files come early, so that no process waits for the last of them at the end.
    """
    here = Path(__file__).parent
    assert [name for name in IN_ORDER if not (here / name).is_file()] == [], "files named in tests/conftest.py that are not there"
    place = {here / name: number for number, name in enumerate(IN_ORDER)}
    items.sort(key=lambda item: place.get(item.path, len(place)))
