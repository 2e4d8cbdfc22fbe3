"""Names of a foreign folder become identifiers of a study: lower-case letters, digits and underscores, each once."""

from __future__ import annotations

from collections.abc import Iterable

from corredor.study.reading.wording import plain_word


def identifiers(names: Iterable[str], taken: Iterable[str] = (), suffix: str = "") -> dict[str, str]:
    """Name → identifier; names that would come out alike, or like one that is taken, get a number.

    suffix : put behind an identifier that is taken
    """
    used = set(taken)
    found: dict[str, str] = {}
    for name in names:
        if name in found:
            continue
        base = identifier(name)
        candidate = f"{base}_{suffix}" if base in used and suffix else base
        number = 2
        while candidate in used:
            candidate = f"{base}_{number}"
            number += 1
        used.add(candidate)
        found[name] = candidate
    return found


def identifier(name: str) -> str:
    """One name as an identifier: Kaga Bandoro → kaga_bandoro."""
    word = plain_word(name)
    return word if word[:1].isalpha() else f"place_{word}".rstrip("_")
