"""The rows behind every figure of the demonstration, for every role: a row names only what its reader may see."""

import json
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

SCRIPT = """
import json
import django
django.setup()
from django.conf import settings
from django.test import Client
from xuezheng.figures import catalogue
from xuezheng import registry
from xuezheng.records.models import User

settings.ALLOWED_HOSTS.append("testserver")
readers = {}
for user in User.objects.filter(is_active=True).order_by("pk"):
    readers.setdefault((user.role, user.section), user)
failed, with_rows = [], 0
for (role, section), user in readers.items():
    client = Client(raise_request_exception=False)
    client.force_login(user)
    for key in catalogue.figures():
        for period in ("2019H1", "2019H2"):
            response = client.get(f"/figures/{key}/", {"period": period}, headers={"HX-Request": "true"})
            with_rows += b"<td" in response.content
            if response.status_code != 200:
                failed.append([role, section, key, period, response.status_code])
print(json.dumps({"failed": failed, "with_rows": with_rows, "readers": len(readers)}))
"""


@pytest.fixture(scope="module")
def outcome(demonstration, tmp_path_factory):
    home = tmp_path_factory.mktemp("roles") / "home"
    shutil.copytree(demonstration, home)
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    words = [sys.executable, "-W", "ignore", "-c", SCRIPT]
    ran = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout.splitlines()[-1])


def test_no_reader_meets_a_figure_whose_rows_fail(outcome):
    assert outcome["failed"] == []
    assert outcome["readers"] >= 4
    assert outcome["with_rows"] > 500
