"""Characters that nobody sees and that make text look like other text: they turn the order of letters around or hide some.

A place called "Port\\u202etrop" would turn around whatever stands beside it in a page or a terminal. They are refused where a study is
read, so that nothing behind it has to look. Right-to-left scripts need none of them; joiners within words (U+200C, U+200D) do belong to
Persian and Indian ones and stay.
source : Boucher and Anderson 2023, Trojan Source; Unicode Technical Report 36, section 2.6
"""

from __future__ import annotations

import re
import unicodedata

from corredor.study.problems import Problem, quoted

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""Control characters but tabs and line ends, marks and embeddings of direction, spaces of no width."""


def unseen_problem(text: str, file: str, line: int, column: int) -> Problem | None:
    """What is wrong with a text, if it holds such a character."""
    found = UNSEEN.search(text)
    if found is None:
        return None
    letter = found.group()
    name = unicodedata.name(letter, "control character").lower()
    what = f"an invisible character (U+{ord(letter):04X}, {name}) in {quoted(text)}"
    return Problem(file, line, column, what, "text that reads as it is written", f"`{quoted(UNSEEN.sub('', text))}`, typed anew")
