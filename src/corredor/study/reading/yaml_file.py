"""A YAML file as plain values that remember line and column. Nothing in a file can make this code build anything else.

Only the events of the YAML parser are used (what begins and ends where), never its constructors: tags are refused, names that
are repeated are reported, and a file that repeats parts of itself without end is refused before it is unfolded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from corredor.study.problems import Problem, listed, quoted
from corredor.study.reading.plain_values import date
from corredor.study.reading.unseen import unseen_problem

DEEPEST = 20
"""Levels of entries within entries; the format needs eight."""

MOST_VALUES = 500_000
"""Values in a file once repeated parts are written out. A study of a thousand transitions has about 30,000."""

_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,30}")
_DECIMAL_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a YAML file. `line` and `column` count from 1; `size` is the number of values in it, its own included.

    value : text, number, date, true/false or none; a list of Nodes; or a dictionary of Nodes with the positions of its keys
    """

    line: int
    column: int
    text: str
    value: Any
    keys: dict[str, tuple[int, int]] | None
    size: int

    def plain(self) -> Any:
        """The value without positions."""
        if self.keys is not None:
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def child(self, step: str | int) -> Node | None:
        """The Node under a key or at a place of a list, if there is one."""
        found: Node | None = None
        if self.keys is not None and isinstance(step, str):
            found = self.value.get(step)
        elif isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            found = self.value[step]
        return found

    def inner(self, path: tuple[str | int, ...]) -> Node:
        """The Node at the end of a path, or the last one that exists on the way."""
        node = self
        for step in path:
            found = node.child(step)
            if found is None:
                return node
            node = found
        return node

    def position(self, path: tuple[str | int, ...], *, key: bool = False) -> tuple[int, int]:
        """Line and column of what stands at a path; with `key`, of the key that leads there."""
        if path and key:
            parent = self.inner(path[:-1])
            if parent.keys is not None and path[-1] in parent.keys:
                return parent.keys[str(path[-1])]
        node = self.inner(path)
        return node.line, node.column

    def shown(self, path: tuple[str | int, ...]) -> str:
        """What stands at a path, in few words."""
        node = self.inner(path)
        if node.keys is not None:
            return f"lines `key: value` with the keys {listed(node.keys, 6)}" if node.keys else "an empty block {}"
        if isinstance(node.value, list):
            return f"a list of {len(node.value)}" if node.value else "an empty list"
        return quoted(node.text) if node.text.strip() else "nothing"


class YamlProblem(Exception):
    """Why a YAML file cannot be read; one per file, since what follows it would be guessed."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def read_yaml(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Plain values of one YAML file with their positions.

    text : the file's text
    file : its name for problems
    returns : the values, none for a file without any, and the problems; with a problem of syntax there are no values
    """
    problems: list[Problem] = []
    try:
        return _Builder(text, file, problems).document(), problems
    except YamlProblem as stopped:
        return None, [*problems, stopped.problem]
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        found = f"an invisible control character (code {ord(text[error.position])})"
        return None, [Problem(file, line, column, found, "text", "delete the character, or type the line anew")]
    except MarkedYAMLError as error:
        return None, [_syntax_problem(error, text, file)]
    except (YAMLError, ValueError, OverflowError, AttributeError, TypeError, IndexError, AssertionError):
        # The parser trips over some broken escapes and directives with errors of its own that carry no position.
        try_ = "look for % at the start of a line and for backslashes inside quotes"
        return None, [Problem(file, 1, 1, "text that the YAML parser cannot read", "YAML", try_)]


class _Builder:
    """Follows the parser's events and builds Nodes."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(text))
        self.anchors: dict[str, Node] = {}
        self.values = 0

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._stop(event, "a second document (a line ---)", "one document in a file", "delete the line ---")
            elif isinstance(event, NodeEvent):
                root = self.node(event, 1)
        return None if root is None or (root.value is None and root.text == "") else root

    def node(self, event: NodeEvent, depth: int) -> Node:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if depth > DEEPEST:
            raise self._stop(
                event, f"entries within entries, {depth} levels deep", f"at most {DEEPEST} levels", "write it flatter"
            )
        if isinstance(event, AliasEvent):
            return self._alias(event)
        tag = getattr(event, "ctag", None) or getattr(event, "tag", None)
        if tag is not None and str(tag) not in ("None", ""):
            raise self._stop(event, f"a tag, {quoted(tag)}", "a plain value", "delete the tag; text in quotes stays text")
        if isinstance(event, ScalarEvent):
            text = str(event.value)
            if (unseen := unseen_problem(text, self.file, line, column)) is not None:
                self.problems.append(unseen)
            node = Node(line, column, text, resolve(text) if event.style is None else text, None, 1)
        elif isinstance(event, SequenceStartEvent):
            node = self._sequence(line, column, depth)
        else:
            node = self._mapping(line, column, depth)
        self.values += 1
        self._check_size(event, self.values)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _sequence(self, line: int, column: int, depth: int) -> Node:
        nodes: list[Node] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            nodes.append(self.node(event, depth + 1))
        return Node(line, column, "", nodes, None, 1 + sum(node.size for node in nodes))

    def _mapping(self, line: int, column: int, depth: int) -> Node:
        nodes: dict[str, Node] = {}
        keys: dict[str, tuple[int, int]] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key_node = self.node(event, depth + 1)
            if key_node.keys is not None or isinstance(key_node.value, list):
                raise self._stop(event, "a list or a block in the place of a key", "a name before the colon", "write name: value")
            key, value = key_node.text, self.node(next(self.events), depth + 1)
            if key in keys:
                first_line = keys[key][0]
                found, expected = f"`{quoted(key)}` a second time; it stands in line {first_line} already", "every key once"
                try_ = "keep one of the two, or give this one another name"
                self.problems.append(Problem(self.file, key_node.line, key_node.column, found, expected, try_))
                continue
            nodes[key], keys[key] = value, (key_node.line, key_node.column)
        return Node(line, column, "", nodes, keys, 1 + sum(node.size for node in nodes.values()))

    def _alias(self, event: AliasEvent) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self._stop(
                event, f"*{quoted(event.anchor)}", f"a part marked &{quoted(event.anchor)} further up", "write the part out"
            )
        self.values += node.size
        self._check_size(event, self.values)
        return node

    def _check_size(self, event: NodeEvent, values: int) -> None:
        if values > MOST_VALUES:
            found = f"more than {MOST_VALUES:,} values once the parts repeated by * are written out"
            raise self._stop(event, found, "a file of ordinary size", "write out what is meant, without & and *")

    def _stop(self, event: Any, found: str, expected: str, try_: str) -> YamlProblem:
        mark = event.start_mark
        return YamlProblem(Problem(self.file, mark.line + 1, mark.column + 1, found, expected, try_))


def resolve(text: str) -> Any:
    """Meaning of a value that is written without quotes: nothing, true/false, number, date or text."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if _DECIMAL_NUMBER.fullmatch(text):
        return float(text) + 0.0  # -0.0 is 0
    found = date(text)
    return text if found is None else found


_ADVICE = (
    ("cannot start any token", "\t", "YAML allows no tab characters at the start of a line: use spaces"),
    (
        "cannot start any token",
        "",
        "put the value in quotes: it begins with a character that YAML keeps for itself (@ ` % * & !)",
    ),
    (
        "mapping values are not allowed",
        "",
        "put text that contains a colon in quotes, or check the indentation of this line and the one above",
    ),
    (
        "could not find expected ':'",
        "",
        "write `key: value` with a colon and a space, or indent the line further if it goes on from the one above",
    ),
    ("expected ',' or ']'", "", "close the bracket [ with ], and put commas between the items"),
    ("expected ',' or '}'", "", "close the brace { with }, and put commas between the items"),
    ("quoted scalar", "", "close the quotes that are open here"),
    ("unknown escape", "", "use single quotes '…', in which a backslash means nothing special"),
    ("block end", "", "give the lines of one list or block the same indentation"),
    ("block mapping", "", "give the keys of one block the same indentation"),
    ("block sequence", "", "give the dashes of one list the same indentation"),
    ("undefined alias", "", "put text that begins with * in quotes"),
    ("anchor", "", "put text that begins with & or * in quotes"),
    ("alias", "", "put text that begins with & or * in quotes"),
)


def _syntax_problem(error: MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    said = f"{error.context or ''} {error.problem or ''}"
    advice = "check colons, quotes, brackets and indentation here and in the line above"
    for words, character, known in _ADVICE:
        if words in said and character in written:
            advice = known
            break
    if error.context_mark is not None and error.context_mark.line + 1 != line:
        advice += f"; the part began in line {error.context_mark.line + 1}"
    shown = f"a line that begins with a tab: {written}" if written.startswith("\t") else written
    found = quoted(shown) if written.strip() else "the end of the file" if line >= len(lines) else "an empty line"
    return Problem(file, line, column, found, "lines of YAML: `key: value`, and items of a list after a dash", advice)
