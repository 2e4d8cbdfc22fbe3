"""The page that simulates, as it lies beside the page of another command (made in `explore/beside.py`)."""

from __future__ import annotations

from dataclasses import dataclass

FILE = "explore.html"
"""Its name beside the pages of other commands."""


@dataclass(frozen=True)
class PageBeside:
    """link : relative, with the scenario and the tab on which the page opens;  html : the page"""

    link: str
    html: str

    @property
    def file(self) -> dict[str, str]:
        """Name → text, for whoever writes it."""
        return {FILE: self.html}
