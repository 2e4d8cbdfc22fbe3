"""Does each name of the package mean the same however often it is used, and whatever was imported before?"""

import subprocess
import sys

import corredor


def test_every_name_is_there_twice_in_silence():
    code = "import corredor\nfor name in corredor.__all__:\n    assert getattr(corredor, name) is getattr(corredor, name), name\n"
    code += "    assert getattr(corredor, name).__name__ == name, name"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_about_ten_names():
    assert len(corredor.__all__) <= 18
