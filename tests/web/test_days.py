"""Five people at their desks on the demonstration: each gets from login to result, and all together press little."""

import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from docs.five_days import DAYS, Seat, served
from docs.ten_jobs import JOBS
from playwright.sync_api import sync_playwright
from tests.machine import BROWSER, require
from tests.web.conftest import ARGUMENTS, CHROMIUM, PATIENCE, Desk

pytestmark = [pytest.mark.slow, pytest.mark.browser]
MOST_CLICKS, MOST_CLICKS_A_JOB = 60, 6
STATED = Path(__file__).parents[2] / "docs" / "how-to" / "ten-jobs.md"


@contextmanager
def at_work(demonstration, folder):
    """Serve a copy of the demonstration; yield a function that opens a page there, with what records its faults."""
    home = folder / "home"
    shutil.copytree(demonstration, home)
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    with served(environment) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def sit_down():
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            page.set_default_timeout(PATIENCE)
            return Desk(page, address), Seat(page, address, folder)

        yield sit_down
        browser.close()


def test_five_people_get_from_login_to_result_in_few_clicks_and_nothing_leaves_the_machine(
    demonstration, tmp_path, assets
):
    require(*BROWSER)
    pressed = {}
    with at_work(demonstration, tmp_path) as sit_down:
        for day in DAYS:
            desk, seat = sit_down()
            day(seat)
            assert desk.faults == [], day.__name__
            pressed[day.__name__] = seat.clicks
            seat.page.close()
    assert sum(pressed.values()) < MOST_CLICKS, pressed


def test_the_ten_commonest_jobs_take_the_clicks_that_are_stated_and_at_most_six(
    demonstration, tmp_path, assets
):
    require(*BROWSER)
    pressed, known = {}, set()
    with at_work(demonstration, tmp_path) as sit_down:
        for job in JOBS:
            desk, seat = sit_down()
            seat.log_in(job.user, first=job.user not in known)
            known.add(job.user)
            seat.clicks = 0
            job.play(seat)
            assert desk.faults == [], job.title
            pressed[job.title] = seat.clicks
            seat.page.close()
    assert max(pressed.values()) <= MOST_CLICKS_A_JOB
    stated = re.findall(r"^\| (\S.*?) \| ([0-9]+) \|$", STATED.read_text("utf-8"), re.MULTILINE)
    assert pressed == {title: int(clicks) for title, clicks in stated}
