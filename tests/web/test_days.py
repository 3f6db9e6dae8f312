"""Five people at their desks on the demonstration: each gets from login to result, and all together press little."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time

import pytest
from docs.five_days import DAYS, Seat
from playwright.sync_api import sync_playwright
from tests.web.conftest import ARGUMENTS, CHROMIUM, PATIENCE, Desk

pytestmark = [pytest.mark.slow, pytest.mark.browser]
MOST_CLICKS = 60


@contextlib.contextmanager
def served(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    command = [sys.executable, "-m", "xuezheng", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port):
    for _ in range(600):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.1)
    pytest.fail("the server did not start")


def test_five_people_get_from_login_to_result_in_few_clicks_and_nothing_leaves_the_machine(
    demonstration, tmp_path, assets
):
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    home = tmp_path / "home"
    shutil.copytree(demonstration, home)
    pressed = {}
    with served(home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for day in DAYS:
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            page.set_default_timeout(PATIENCE)
            desk = Desk(page, address)
            seat = Seat(page, address, tmp_path)
            day(seat)
            assert desk.faults == [], day.__name__
            pressed[day.__name__] = seat.clicks
            page.close()
        browser.close()
    assert sum(pressed.values()) < MOST_CLICKS, pressed
