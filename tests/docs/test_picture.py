"""Is the picture of the README drawn from the study as it is now?"""

import re
from pathlib import Path

from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study

PICTURE = Path(__file__).parents[2] / "docs" / "picture.svg"


def test_the_picture_was_drawn_from_the_bundled_study_as_it_is() -> None:
    drawn = re.search(r"<!-- study ([0-9a-f]{64}), seed 1, 500 draws -->", PICTURE.read_text(encoding="utf-8"))
    assert drawn is not None, "draw it anew: make docs"
    assert drawn.group(1) == load_study(bundled_studies()["mexico-2018"]).hash, "the study has changed since: make docs"
