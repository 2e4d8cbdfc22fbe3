"""A real Chromium without a window, and pages that tell everything they ask for."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

HINT = (
    "no chromium found: install it (Debian, Ubuntu: apt-get install chromium) so that the pages can be seen as a person sees them"
)


@dataclass
class Visit:
    """An open page with all it asked for and all it complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(HINT)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--headless"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a file: visit(path, width_px=390, dark=False)."""
    contexts = []

    def open_page(
        path: Path, width_px: int = 1280, height_px: int = 900, dark: bool = False, permissions: tuple[str, ...] = ()
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width_px, "height": height_px},
            color_scheme="dark" if dark else "light",
            permissions=list(permissions),
            reduced_motion="reduce",
        )
        contexts.append(context)
        made = Visit(context.new_page())
        made.page.on("request", lambda request: made.requests.append(request.url))
        made.page.on(
            "console", lambda message: made.complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        made.page.goto(path.as_uri())
        return made

    yield open_page
    for context in contexts:
        context.close()
