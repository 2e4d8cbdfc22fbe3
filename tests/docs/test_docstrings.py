"""Do the examples in the docstrings of the public functions run as printed, and is every argument explained?"""

import doctest
import inspect
import re

import pytest

import corredor
from corredor.results.accessor import RunAccessor

FUNCTIONS = {name: getattr(corredor, name) for name in corredor.__all__ if inspect.isfunction(getattr(corredor, name))}
PICTURES = {f"plot.{name}": getattr(corredor.plot, name) for name in ("fan", "map", "effect", "coverage", "waits", "verdict")}
METHODS = {f"Dataset.corredor.{name}": getattr(RunAccessor, name) for name in ("total", "bands", "by_place")}


@pytest.mark.parametrize("name", [*FUNCTIONS, *PICTURES, *METHODS])
def test_examples_run_as_printed(name):
    function = {**FUNCTIONS, **PICTURES, **METHODS}[name]
    example = doctest.DocTestParser().get_doctest(
        inspect.getdoc(function), {**FUNCTIONS, "corredor": corredor, "plot": corredor.plot}, name, None, 0
    )
    assert example.examples, f"{name} has no example"
    said: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.append)
    assert outcome.failed == 0, "".join(said)


@pytest.mark.parametrize("name", [*FUNCTIONS, *PICTURES])
def test_every_argument_is_explained(name):
    function = {**FUNCTIONS, **PICTURES}[name]
    text = inspect.getdoc(function) or ""
    part = re.search(r"Parameters\n-+\n(.*?)(?:\n\n[A-Z][a-z]+\n-+\n|\Z)", text, flags=re.DOTALL)
    explained = re.findall(r"^(\w[\w, ]*)$", part.group(1), flags=re.MULTILINE) if part else []
    names = {word.strip() for line in explained for word in line.split(",")}
    assert [argument for argument in inspect.signature(function).parameters if argument not in names] == []
