"""Five people at their desks on the demonstration: each gets from login to result, and all together press little."""

import os
import re
import shutil
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


def test_five_people_get_from_login_to_result_in_few_clicks_and_nothing_leaves_the_machine(
    demonstration, tmp_path, assets
):
    require(*BROWSER)
    home = tmp_path / "home"
    shutil.copytree(demonstration, home)
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    pressed = {}
    with served(environment) as address, sync_playwright() as playwright:
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


def test_the_ten_commonest_jobs_take_the_clicks_that_are_stated_and_at_most_six(
    demonstration, tmp_path, assets
):
    require(*BROWSER)
    home = tmp_path / "home"
    shutil.copytree(demonstration, home)
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    pressed, known = {}, set()
    with served(environment) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for job in JOBS:
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            page.set_default_timeout(PATIENCE)
            desk, seat = Desk(page, address), Seat(page, address, tmp_path)
            seat.log_in(job.user, first=job.user not in known)
            known.add(job.user)
            seat.clicks = 0
            job.play(seat)
            assert desk.faults == [], job.title
            pressed[job.title] = seat.clicks
            page.close()
        browser.close()
    assert max(pressed.values()) <= MOST_CLICKS_A_JOB
    stated = re.findall(r"^\| (\S.*?) \| ([0-9]+) \|$", STATED.read_text("utf-8"), re.MULTILINE)
    assert pressed == {title: int(clicks) for title, clicks in stated}
