"""The worker as it is started: it freezes in its child process, and ends when nothing waits."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.database

ASKED = """
import django; django.setup()
from xuezheng.cli.shared import prepare_database
prepare_database()
from xuezheng.jobs.kinds import job_kinds
from xuezheng.records.models import District, User
office = User.objects.create(username="办公室", role="office")
job_kinds()["freeze"].ask(office)
"""
REGISTERED = """
import django; django.setup()
from xuezheng.jobs.kinds import job_kinds
from xuezheng.records.models import District, User
District.objects.create(code="349900", name="云岭区", bureau_name="云岭区教育局")
job_kinds()["freeze"].ask(User.objects.get())
"""
TOLD = """
import django; django.setup()
import json
from xuezheng.jobs.models import Job
from xuezheng.snapshots import snapshot
print(json.dumps([[(job.state, job.failure, job.result) for job in Job.objects.order_by("pk")], snapshot.ids()]))
"""


def test_the_worker_freezes_and_tells_what_hinders_it(elsewhere, run_python):
    def work():
        words = [sys.executable, "-m", "xuezheng", "work", "--once"]
        subprocess.run(words, env=elsewhere, check=True, stdout=subprocess.DEVNULL)
        return json.loads(run_python(TOLD, elsewhere))

    run_python(ASKED, elsewhere)
    [refused], snapshots = work()
    assert (refused[0], snapshots) == ("failed", [])
    assert refused[1].startswith("还没有登记本地信息。")
    run_python(REGISTERED, elsewhere)
    [_, frozen, prepared], snapshots = work()
    assert frozen[0] == "done"
    assert prepared[0] in ("waiting", "done")  # what pages show is computed by a job of its own
    assert f"已生成快照 {snapshots[0]}" in frozen[2]["message"]
