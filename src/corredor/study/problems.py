"""What is wrong with a study, told so that its author can put it right: where, found, expected, try."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

SAME_SHOWN = 3
"""Problems with the same wording that are shown before the rest is only counted."""

ALIKE_SHOWN = 20
"""Problems of one file with the same expectation that are shown before the rest is only counted."""

LONGEST_QUOTE = 100
"""Characters of the author's own text that a problem repeats."""


@dataclass(frozen=True)
class Problem:
    """One thing to put right.

    line, column : from 1; in tables the column is the number of the field, in other files that of the character. Line 0 stands
        for the file or folder as a whole
    """

    file: str
    line: int
    column: int
    found: str
    expected: str
    try_: str

    @property
    def where(self) -> str:
        """file:line:column, or the file alone."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.where}\n  found     {self.found}\n  expected  {self.expected}\n  try       {self.try_}"


class StudyError(Exception):
    """A study that cannot be used, with every problem that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[StudyError], tuple[tuple[Problem, ...]]]:
        # An exception is copied by its message otherwise, and would arrive from a worker process without its problems.
        return (StudyError, (self.problems,))


class ArgumentError(ValueError):
    """A value that a function cannot use; the text says which, what was found, what is expected and what to try."""

    def __init__(self, name: str, found: object, expected: str, try_: str) -> None:
        self.name, self.found, self.expected, self.try_ = name, found, expected, try_
        super().__init__(name, found, expected, try_)

    def __str__(self) -> str:
        return str(Problem(self.name, 0, 0, str(self.found), self.expected, self.try_))


class ExtraMissing(ImportError):
    """A library of an extra is not installed; the text says what cannot be done without it, and how to install it."""

    def __init__(self, what: str, extra: str, otherwise: str = "") -> None:
        super().__init__(f"{what} without the extra `{extra}`\ntry: pip install 'corredor[{extra}]'{otherwise}")


class Unreachable(Exception):
    """A cluster or store that is not there, was lost, or is of no use: what was found, and what to try."""

    def __init__(self, found: str, try_: str) -> None:
        self.found, self.try_ = found, try_
        super().__init__(found, try_)

    def __str__(self) -> str:
        return f"{self.found}\ntry: {self.try_}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name`; none when nothing looks like it.

    name : what was written
    known : names that would have been right
    returns : one of `known`, or none
    """
    by_lower_case = {other.lower(): other for other in sorted(known)}
    wanted = name.strip().lower()
    if wanted in by_lower_case:
        return by_lower_case[wanted]
    found = difflib.get_close_matches(wanted, by_lower_case, n=1, cutoff=0.6)
    return by_lower_case[found[0]] if found else None


def likeliest(name: str, known: Iterable[str], most: int = 3) -> str:
    """The few known names that look most like `name`, or all of a short list: a, b or c (of 39)."""
    choices = list(known)
    if len(choices) <= 2 * most:
        return either(choices) or "none"
    wanted = name.strip().lower()

    def likeness(other: str) -> tuple[bool, float]:
        plain = other.lower()
        return wanted in plain or plain in wanted, difflib.SequenceMatcher(None, wanted, plain).ratio()

    return f"{either(sorted(choices, key=likeness, reverse=True)[:most])} (of {len(choices)})"


def suggested(name: str, known: Iterable[str], otherwise: str = "one of these") -> str:
    """What to try in place of a name that is not known: the nearest one, or the only one there is."""
    choices = list(known)
    close = nearest(name, choices) or (choices[0] if len(choices) == 1 else None)
    return f"`{close}`" if close else otherwise


def either(names: Iterable[str]) -> str:
    """Names of which one will do: a, b or c."""
    choices = list(names)
    return " or ".join([", ".join(choices[:-1]), choices[-1]] if len(choices) > 1 else choices)


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names as a reader likes them: all of a short list, the first and the number of the others of a long one."""
    all_names = list(names)
    if not all_names:
        return "none"
    shown = ", ".join(all_names[:most])
    return shown if len(all_names) <= most else f"{shown} and {len(all_names) - most} more"


def quoted(text: object) -> str:
    """Text of the author on one line, cut when it is long."""
    line = " ".join(str(text).split())
    line = "".join(letter if letter.isprintable() else "�" for letter in line)
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"


def gathered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, and of many alike the first ones, the last of which says how many there are and where they end.

    One mistake repeated down a column of ten thousand rows must not hide the others.
    """
    unique = tuple(dict.fromkeys(problems))
    return _shortened(_shortened(unique, SAME_SHOWN, same_words=True), ALIKE_SHOWN, same_words=False)


def _shortened(problems: tuple[Problem, ...], most: int, *, same_words: bool) -> tuple[Problem, ...]:
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, problem in enumerate(problems):
        key = (problem.found, problem.expected, problem.try_) if same_words else (problem.file, problem.expected)
        alike[key].append(number)
    kept: dict[int, Problem] = {}
    for numbers in alike.values():
        for number in numbers[:most]:
            kept[number] = problems[number]
        if len(numbers) > most:
            last, end = problems[numbers[most - 1]], problems[numbers[-1]]
            more = f"{len(numbers) - most} more like it, the last at {end.file}:{end.line}"
            kept[numbers[most - 1]] = replace(last, found=f"{last.found} (and {more})")
    return tuple(kept[number] for number in sorted(kept))
