"""The command in this process, where everything is imported already."""

import subprocess
import sys

import pytest

from corredor import cli


@pytest.fixture
def here(monkeypatch, tmp_path, capsys):
    """Run the command in the folder tmp_path: its exit status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["corredor", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv, ended.value.code, printed.out, printed.err)

    return run
