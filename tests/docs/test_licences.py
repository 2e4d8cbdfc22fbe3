"""Is all that corredor needs under permissive licences, is the list true, and do notices go along?"""

import pytest
from scripts import loaded

make = loaded("docs/make_licences.py")


def test_the_page_matches_what_is_installed():
    assert make.PAGE.read_text(encoding="utf-8") == make.page()


def test_everything_is_permissive():
    assert make.refused({name: make.licence_of(name) for name in make.closure()} | make.bundled()) == []


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-or-later", "LGPL-2.1-only", "AGPL-3.0-only", "MIT AND GPL-2.0-only", "not stated", "MPL-2.0"]
)
def test_others_are_refused(licence):
    assert make.refused({"some": licence}) == [f"some: {licence}"]


@pytest.mark.parametrize(
    "licence", ["MIT", "GPL-2.0-only OR MIT", "BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", "(MIT OR Apache-2.0) AND ISC"]
)
def test_one_of_several_is_enough_and_all_of_several_are_asked(licence):
    assert make.is_permissive(licence)


def test_what_the_needed_need_is_found_too():
    found = make.closure()
    assert found["numpy"] == {""} and found["llvmlite"] == {""} and found["httpcore"] == {"fetch"}
    assert "pytest" not in found and "sphinx" not in found


def test_notices_of_what_is_bundled_go_along():
    notices = (make.ROOT / "src" / "corredor" / "pages" / "explore" / "LICENSES").read_text(encoding="utf-8")
    assert list(make.bundled()) == ["preact"]
    assert "Jason Miller" in notices and "Rich Felker" in notices and "Arm Limited" in notices and "Sun Microsystems" in notices
