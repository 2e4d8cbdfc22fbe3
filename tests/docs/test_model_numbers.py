"""Do the numbers M1 … of docs/MODEL.md and those in the code belong together, both ways?"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUMBERS = range(1, 17)


def numbers_in(text: str) -> set[int]:
    """Model numbers that a text mentions; `M6–M8` means those between as well. An SVG path "M93 116h6" is none."""
    found = {int(number) for number in re.findall(r"(?<![\"'])\bM(\d+)\b(?! \d)", text)}
    for first, last in re.findall(r"\bM(\d+)\s*[–-]\s*M(\d+)\b", text):
        found |= set(range(int(first), int(last) + 1))
    return found


def headings() -> list[int]:
    """Numbers of the headings of MODEL.md, in order."""
    page = (ROOT / "docs" / "MODEL.md").read_text(encoding="utf-8")
    return [int(number) for number in re.findall(r"^## M(\d+) ", page, flags=re.MULTILINE)]


def test_the_page_tells_them_in_order():
    assert headings() == list(NUMBERS)


def test_each_is_carried_out_somewhere_in_the_code():
    # The schema names them for the reader of a study; that does not count as carrying them out.
    code = [path for path in (ROOT / "src").rglob("*.py") if path.name != "schema.py"]
    used = set().union(*(numbers_in(path.read_text(encoding="utf-8")) for path in code))
    assert sorted(set(headings()) - used) == []


def test_each_that_is_mentioned_exists():
    places = [*(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.yaml"), *(ROOT / "tests").rglob("*.py")]
    places += [
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs").glob("*.py"),
        *ROOT.glob("*.md"),
        *(ROOT / "benchmarks").glob("*.py"),
    ]
    unknown = {
        str(path.relative_to(ROOT)): sorted(numbers_in(path.read_text(encoding="utf-8")) - set(headings()))
        for path in places
        if path != Path(__file__)
    }
    assert {path: numbers for path, numbers in unknown.items() if numbers} == {}


def test_numbers_are_found_in_text():
    assert numbers_in("state terms are those of M6–M8 (M1), not XM3 or M2x") == {1, 6, 7, 8}
    assert numbers_in('M99 "M93 116h6" M4 8h') == {99}
