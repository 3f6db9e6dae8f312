"""What a page weighs: how often it asks the database, and what a browser fetches to show the first one."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

KILOBYTES = 600
#: How often each page asks the database when it is opened again, on the small district. Session, user and open jobs are three.
ASKED = {
    "/": 14,
    "/registers/": 4,
    "/registers/pupil/": 9,
    "/registers/pupil/1/": 10,
    "/registers/pupil/1/looks/": 20,
    "/registers/pupil/paste/": 3,
    "/intake/": 6,
    "/intake/batches/1/": 5,
    "/intake/collections/new/": 5,
    "/system/": 3,
    "/help/": 3,
    "/help/clerk/": 3,
    "/announcements/": 4,
    "/jobs/": 4,
    "/looks/": 10,
    "/linkage/": 8,
    "/linkage/1/": 10,
    "/figures/": 3,
    "/figures/aid.registered_poor_pupils/": 5,
    "/figures/aid.registered_poor_pupils/sql/": 3,
    "/dashboards/office/": 3,
    "/whatif/": 4,
    "/whatif/aid.boarder/": 3,
    "/plan/": 3,
    "/search/": 3,
    "/reports/entries/": 4,
    "/reports/check/": 3,
    "/reports/releases/": 4,
    "/reports/half_year/2019H1/": 5,
    "/api/": 3,
    "/api/tokens/": 4,
    "/aid/payments/": 7,
    "/aid/recognitions/": 13,
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
    assert found == {page: count + locks.get(page, 0) for page, count in ASKED.items()}


def test_what_the_first_page_fetches_is_small(as_user, snapshot):
    html = as_user("office").get("/").content.decode()
    files = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html)
    assert len(files) > 5
    weight = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in set(files))
    assert weight < KILOBYTES * 1000
