"""The README's picture of the page: ``python tests/picture.py [RESULTS.jsonl ...]``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from browser import NoBrowserError, launch
from playwright.sync_api import sync_playwright

from harness.errors import PlainError
from harness.report.page.commands import RESULTS
from harness.report.page.draw import page as draw
from harness.report.page.gather import gather

PICTURE: Final = Path("docs/report.png")
SHOWN: Final = "#q=refresh/"
OPENED: Final = "expired_refresh_dead[reused]"
"""The scenario whose probes the picture shows."""


def take(results: Sequence[Path]) -> None:
    """Draw the page and take a picture of its matrix.

    Raises:
        ResultsError: the results cannot be read.
        NoBrowserError: there is no Chromium.
    """
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        path = Path(directory) / "report.html"
        path.write_text(draw(gather(results)), encoding="utf-8")
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1200, "height": 680}, device_scale_factor=1.25)
        page.goto(f"{path.as_uri()}{SHOWN}")
        page.get_by_role("rowheader", name=OPENED).click()
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    try:
        take([Path(name) for name in sys.argv[1:]] or sorted(RESULTS.glob("*.jsonl")))
    except (NoBrowserError, PlainError) as error:
        sys.exit(f"error: {error}")
