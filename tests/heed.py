"""Signals that a command heeds whatever started the tests: behind an & or `nohup` those of a terminal are ignored, by all children too."""

import signal


def heed_a_terminal():
    """Given to a new process as `preexec_fn`, or called in a forked one, before it is the command."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
