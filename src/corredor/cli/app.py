"""The command line to which every command adds itself."""

from __future__ import annotations

from cyclopts import App

app = App(
    name="corredor",
    help="Simulate a migration corridor and answer with honest uncertainty.",
    version_flags=["--version"],
    result_action="return_value",
)
