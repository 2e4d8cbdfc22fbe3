"""What the exit status says."""

from __future__ import annotations

WELL, BUG, USAGE, INVALID, UNREACHABLE, DIAGNOSTIC, STOPPED = 0, 1, 2, 3, 4, 5, 130

EXIT_STATUS = {
    WELL: "finished well",
    BUG: "a bug in corredor; what Python says of it is printed",
    USAGE: "the command was not understood, or the folder given cannot be used",
    INVALID: "the study or file given has problems; every one is listed and nothing was written",
    UNREACHABLE: "a source on the network could not be reached (add --url and fetch read one; no other command does)",
    DIAGNOSTIC: "finished, but a check of the result failed",
    STOPPED: "stopped from the keyboard; run, compare and backtest keep what is finished, and the same command goes on from it",
}
"""What the exit status says."""
