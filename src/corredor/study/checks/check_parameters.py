"""Parameters: one distribution with possible numbers, a unit that exists, a source where one is owed."""

from __future__ import annotations

from collections.abc import Iterator

from corredor.study.checks.facts import Facts
from corredor.study.checks.prior_distributions import (
    DISTRIBUTION_KEYS,
    LARGEST_SIGMA,
    PLAIN,
    POSITIVE,
    distributions_of,
    prior_is_possible,
)
from corredor.study.checks.quantities import unit_range_problem
from corredor.study.priors import prior_text
from corredor.study.problems import Problem, nearest, quoted
from corredor.study.reading import Written
from corredor.study.schema import UNITS, Parameter

EXAMPLE = "lognormal: {median: 0.01, sigma: 0.5}"


def check_parameters(facts: Facts) -> Iterator[Problem]:
    """Problems of parameters.yaml that its shape does not show."""
    for written in facts.raw.parameters:
        parameter = written.entry
        if written.name == "rest":
            expected = "another name: `rest` means what the other shares leave"
            yield written.problem((), "a parameter named rest", expected, "`rest_share`", key=True)
        if parameter.unit not in UNITS:
            close = nearest(parameter.unit, UNITS)
            try_ = f"`{close}`" if close else "the nearest unit of the list, with the prior's numbers converted to it"
            yield written.problem(("unit",), quoted(parameter.unit), "one of: " + ", ".join(UNITS), try_)
        yield from _prior_problems(written)
        yield from _basis_problems(facts, written)
    yield from _not_said_to_be_made_up(facts)


def _prior_problems(written: Written[Parameter]) -> Iterator[Problem]:
    parameter = written.entry
    distributions = distributions_of(parameter.prior)
    if not distributions:
        expected = "one of " + ", ".join((*DISTRIBUTION_KEYS, *PLAIN))
        yield written.problem(("prior",), "a prior without a distribution", expected, f"{EXAMPLE}, or fixed: 0.01")
        return
    if len(distributions) > 1:
        found, try_ = " and ".join(distributions), f"keep {distributions[0]} or {distributions[1]}"
        yield written.problem(("prior", distributions[1]), found, "one distribution", try_, key=True)
        return
    distribution = distributions[0]
    if distribution not in PLAIN:
        numbers = getattr(parameter.prior, distribution)
        for key in DISTRIBUTION_KEYS[distribution]:
            if key not in numbers:
                found, expected = (
                    f"{distribution} without `{key}`",
                    f"{distribution} with {' and '.join(DISTRIBUTION_KEYS[distribution])}",
                )
                yield written.problem(("prior", distribution), found, expected, f"add {key}: …")
            elif key in POSITIVE and numbers[key] <= 0:
                try_ = "fixed, when the number is certain" if key in ("sd", "sigma") else "a number more than 0"
                yield written.problem(
                    ("prior", distribution, key),
                    f"{key} {numbers[key]:g}",
                    f"a number more than 0 as `{key}` of {distribution}",
                    try_,
                )
            elif key == "sigma" and numbers[key] > LARGEST_SIGMA:
                found, expected = f"sigma {numbers[key]:g}", f"at most {LARGEST_SIGMA:g}, the standard deviation of the log"
                yield written.problem(("prior", distribution, key), found, expected, "0.3 for about 30 percent either way")
        if distribution == "uniform" and set(numbers) == {"low", "high"} and numbers["low"] >= numbers["high"]:
            found = f"from {numbers['low']:g} to {numbers['high']:g}"
            yield written.problem(("prior", distribution, "low"), found, "low below high", "exchange low and high, or use fixed")
    if parameter.unit in UNITS and prior_is_possible(parameter.prior):
        field = unit_range_problem(parameter)
        if field is not None:
            found = prior_text(parameter.prior) + ", which can lie outside what the unit allows"
            expected = f"{field.range_text}, since the unit is {parameter.unit}"
            better = (
                "a beta prior, or uniform within 0 and 1"
                if parameter.unit == "share"
                else "a lognormal prior, or uniform from 0 on"
            )
            try_ = (
                f"a number in this range, or the unit {'ratio' if parameter.unit == 'share' else 'log'}"
                if distribution == "fixed"
                else better
            )
            yield written.problem(("prior", distribution), found, expected, try_)


def _basis_problems(facts: Facts, written: Written[Parameter]) -> Iterator[Problem]:
    parameter = written.entry
    yield from facts.sources(parameter.source, written)
    if parameter.source is None and parameter.basis not in ("assumption", "made_up"):
        found = f"basis {parameter.basis} without a source"
        expected = "the source of a number that is not assumption or made_up"
        yield written.problem(
            ("basis",), found, expected, "add `source: …` with an id of sources.csv, or write basis: assumption"
        )


def _not_said_to_be_made_up(facts: Facts) -> Iterator[Problem]:
    """A study with made-up numbers says so, once for all of them."""
    header = facts.raw.header
    made_up = [written for written in facts.raw.parameters if written.entry.basis == "made_up"]
    if not made_up or header is None or "made_up" in facts.raw.unreadable_fields or header.entry.made_up:
        return
    others = f", like {len(made_up) - 1} other parameters" if len(made_up) > 1 else ""
    expected = "made-up numbers only in a study that says so"
    yield made_up[0].problem(
        ("basis",), f"made_up{others}", expected, "write `made_up: true` in study.yaml, or basis: assumption"
    )
