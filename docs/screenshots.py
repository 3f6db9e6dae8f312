"""The pictures of the pages: ``python -m docs.screenshots`` builds the demonstration, serves it and draws them anew."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docs.five_days import DAYS, XUEZHENG, Seat, served
from playwright.sync_api import Browser, Page, expect, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
DAYS_PICTURES, HOME_PICTURES = PICTURES / "days", PICTURES / "homes"
WIDTH, HEIGHT = 1440, 900
PATIENCE = 60_000  # milliseconds
PASSWORD = "xuezheng-demo"  # noqa: S105 - the demonstration's


def _find(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("jdlk")
    page.locator("#xz-hits a").first.wait_for()


#: Each picture: who looks, at which address, and what is done there before it is drawn.
SHOTS: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "home": ("office", "/", lambda page: None),
    "search": ("office", "/", _find),
    "figure": ("aid", "/figures/aid.registered_poor_pupils/?period=2019H1", lambda page: None),
    "report": ("office", "/reports/half_year/2019H1/", lambda page: None),
}


#: The home page of each of the demonstration's users, as the name of the kind: options of the browser, whether as printed.
HOMES: dict[str, tuple[dict[str, Any], bool]] = {
    "light": ({"viewport": {"width": WIDTH, "height": HEIGHT}, "color_scheme": "light"}, False),
    "dark": ({"viewport": {"width": WIDTH, "height": HEIGHT}, "color_scheme": "dark"}, False),
    "phone": ({"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}, False),
    "print": ({"viewport": {"width": 794, "height": 1123}}, True),
}
USERS = ("office", "aid", "leader", "clerk", "admin")


def main() -> None:
    """Build, serve and draw."""
    with tempfile.TemporaryDirectory(prefix="xuezheng-pictures-") as home:
        environment = {**os.environ, "XUEZHENG_HOME": home}
        subprocess.run([*XUEZHENG, "demo"], env=environment, check=True)
        with served(environment) as address:
            _draw(address)


def _draw(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        _play_days(
            browser, address
        )  # each leaves the tour of the first login, which would stand before the page
        for name, (user, place, act) in SHOTS.items():
            page = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN", reduced_motion="reduce"
            )
            page.goto(f"{address}/login/?next={place}")
            page.fill("[name=username]", user)
            page.fill("[name=password]", PASSWORD)
            page.click("button[type=submit]")
            page.wait_for_load_state("networkidle")
            act(page)
            page.wait_for_timeout(1000)  # charts grow
            page.screenshot(path=PICTURES / f"{name}.png")
            page.close()
        for user in USERS:
            for kind, (options, printed) in HOMES.items():
                _draw_home(browser, address, user, kind, options, printed)
        browser.close()


def _draw_home(
    browser: Browser, address: str, user: str, kind: str, options: dict[str, Any], printed: bool
) -> None:
    """Draw the home page of a user in one kind of :data:`HOMES`."""
    page = browser.new_page(locale="zh-CN", reduced_motion="reduce", **options)
    page.goto(f"{address}/login/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state("networkidle")
    if printed:
        page.emulate_media(media="print")
    page.screenshot(path=HOME_PICTURES / f"{user}-{kind}.png")
    page.close()


def _play_days(browser: Browser, address: str) -> None:
    """Draw what five people see on their way from login to result."""
    expect.set_options(timeout=PATIENCE)

    def draw(page: Page, name: str) -> None:
        page.wait_for_timeout(1000)  # charts grow
        page.screenshot(path=DAYS_PICTURES / f"{name}.png")

    with tempfile.TemporaryDirectory() as folder:
        for day in DAYS:
            page = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN", reduced_motion="reduce"
            )
            page.set_default_timeout(PATIENCE)
            day(Seat(page, address, Path(folder), draw))
            page.close()


if __name__ == "__main__":
    main()
