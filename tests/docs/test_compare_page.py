"""Do the examples of docs/COMPARE.md run as printed, the scenario in it too?"""

from pathlib import Path

from test_readme import blocks, run_block, runnable

PAGE = Path(__file__).parents[2] / "docs" / "COMPARE.md"


def test_the_examples_of_the_page_run_as_printed(tmp_path):
    folder = tmp_path / "reader"
    folder.mkdir()
    found = blocks(PAGE.read_text(encoding="utf-8"))
    assert [block.language for block in found].count("yaml") == 1
    assert sum("corredor" in runnable(block) for block in found) == 5
    for block in found:
        if block.language == "yaml":
            (folder / "earlier.yaml").write_text(block.text, encoding="utf-8")
        elif runnable(block):
            done = run_block(block, folder)
            assert done.returncode == 0, f"COMPARE.md:{block.line}\n{runnable(block)}\n{done.stdout}\n{done.stderr}"
    assert (folder / "runs" / "mexico-2018-compare" / "shares.nc").is_file()
