"""What a page weighs: how often it asks the database, and what a browser fetches to show the first one."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

KILOBYTES = 600
#: How often each page asks the database when it is opened again, on the small district. Session, user, open jobs and what the bureau uses are four.
ASKED = {
    "/": 16,
    "/registers/": 5,
    "/registers/pupil/": 10,
    "/registers/pupil/1/": 11,
    "/registers/pupil/1/looks/": 21,
    "/registers/pupil/paste/": 4,
    "/intake/": 7,
    "/intake/batches/1/": 6,
    "/intake/collections/new/": 6,
    "/system/": 4,
    "/help/": 4,
    "/help/clerk/": 4,
    "/announcements/": 5,
    "/jobs/": 5,
    "/looks/": 11,
    "/linkage/": 9,
    "/linkage/1/": 11,
    "/figures/": 4,
    "/figures/aid.registered_poor_pupils/": 6,
    "/figures/aid.registered_poor_pupils/sql/": 4,
    "/dashboards/office/": 4,
    "/whatif/": 5,
    "/whatif/aid.boarder/": 4,
    "/plan/": 4,
    "/search/": 4,
    "/reports/entries/": 6,
    "/reports/check/": 4,
    "/reports/releases/": 6,
    "/reports/half_year/2019H1/": 8,
    "/api/": 4,
    "/api/tokens/": 5,
    "/aid/payments/": 8,
    "/aid/recognitions/": 14,
}


def test_each_page_asks_the_database_as_often_as_it_is_known_to(as_user, snapshot):
    client = as_user("office")
    found = {}
    for page in ASKED:
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        found[page] = len(queries)
    # PostgreSQL takes a lock of its own for the chain, of the looks that are filed and of those that are forgotten.
    locks = {"/registers/pupil/1/looks/": 2} if connection.vendor == "postgresql" else {}
    expected = {page: count + locks.get(page, 0) for page, count in ASKED.items()}
    assert {page: count for page, count in found.items() if count != expected[page]} == {}


def test_what_the_first_page_fetches_is_small(as_user, snapshot):
    html = as_user("office").get("/").content.decode()
    files = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html)
    assert len(files) > 5
    weight = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in set(files))
    assert weight < KILOBYTES * 1000
