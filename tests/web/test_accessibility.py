"""Every page in a real browser, light and dark: nothing that keeps somebody from reading or reaching it, by the rules of axe."""

from pprint import pformat

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.web.test_access import HTML

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
AREAS = (
    "/aid/payments/",
    "/aid/recognitions/",
    "/aid/recognitions/new/",
    "/enrolment/draws/",
    "/enrolment/draws/new/",
    "/enrolment/season/2019/primary/",
    "/enrolment/zones/",
    "/enrolment/zones/2019/primary/",
)
#: The rules that a colour can break: all others are the same in both themes.
OF_COLOUR = ("color-contrast", "link-in-text-block")
#: Colours change by and by: they are to be looked at when they have changed.
DARK = """() => {
  document.documentElement.dataset.bsTheme = "dark";
  document.getAnimations().forEach((it) => it.finish());
}"""


def obstacles(page, **only):
    """What axe finds serious or critical: the rule, the place, and why."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": only})
    return [
        (it["id"], node["target"], node["failureSummary"].splitlines()[-1].strip())
        for it in found.response["violations"]
        if it["impact"] in ("serious", "critical")
        for node in it["nodes"][:3]
    ]


@pytest.mark.alike
@pytest.mark.browser
def test_no_page_keeps_anybody_out(desk, live_server):
    seat = desk("office", 1280, 900)
    page = seat.page
    found = {}
    for address in (*HTML, *AREAS):
        page.goto(live_server.url + address)
        light = obstacles(page, type="tag", values=RULES)
        page.evaluate(DARK)
        dark = obstacles(page, type="rule", values=OF_COLOUR)
        if light or dark:
            found[address] = {"light": light, "dark": dark}
    assert found == {}, pformat(found, width=200)
