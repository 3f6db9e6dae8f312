"""The job as stored: its kind and arguments, the user who requested it, its state and its result."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Max

from xuezheng.jobs.heartbeat import Pulse
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models import User
from xuezheng.records.permissions import select_permitted


class JobQuerySet(models.QuerySet["Job"]):
    """A query set of background jobs."""

    def visible_to(self, user: User) -> Self:
        """Return the jobs that ``user`` may see: the user's own jobs, and for the office all."""
        return select_permitted(self, user, "see", "job", made_by="asked_by")

    def open(self) -> Self:
        """Return the jobs that are waiting or running."""
        return self.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))


class Job(models.Model):
    """One background job (后台任务). Only :mod:`xuezheng.jobs.transitions` changes its state.

    ``kind`` is the name of its kind. ``attempts`` counts how often the job was begun and is never reset: a
    worker may write to the job only as long as the number is that of its own attempt. ``lost`` counts how
    often in a row its process was killed. ``worker`` is the host and process id of the worker of the last
    attempt. ``failure`` is a Chinese sentence, "" for none; ``may_retry`` says that the user may try a failed
    job again. ``result`` is None until there is one. ``arguments`` and ``result`` contain tokens, ids and
    addresses, but no personal data.
    """

    class State(ClosedChoices):
        """The state of a job: waiting, running, done, or failed; a failed job may be tried again where ``may_retry`` is set."""

        WAITING = "waiting", "等待"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "未完成"

    kind = models.CharField("种类", max_length=60)
    title = models.CharField("名称", max_length=60)
    arguments = models.JSONField("参数", default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="发起人", related_name="+"
    )
    made_at = models.DateTimeField("发起时间", auto_now_add=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField("次数", default=0)
    lost = models.PositiveIntegerField("中断次数", default=0)
    worker = models.CharField("工作进程", max_length=100, blank=True)
    result = models.JSONField("结果", null=True)
    failure = models.CharField("原因", max_length=2000, blank=True)
    may_retry = models.BooleanField("可以重试", default=False)
    begun_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        ordering = ("-pk",)
        indexes = [models.Index(fields=["state", "asked_by"], name="jobs_by_state")]

    def __str__(self) -> str:
        return f"{self.title}（任务{self.pk}）"

    @property
    def pulse(self) -> Pulse:
        """The file with the sign of life of the present attempt."""
        return Pulse(self.pk, self.attempts)

    @property
    def ahead(self) -> int:
        """The number of jobs before this one: those running, and those waiting that will be begun earlier."""
        running = Job.objects.filter(state=Job.State.RUNNING).count()
        return running + next((place for place, pk in enumerate(in_turn()) if pk == self.pk), 0)


def in_turn() -> Iterator[int]:
    """Yield the primary keys of the waiting jobs in the order in which they will be begun.

    Users take turns, beginning with the one whose last job was begun longest ago; the jobs of one user go by
    age. So the fortieth job of a user waits for the other thirty-nine, and another user's job for only one of
    them.
    """
    waiting: dict[int, deque[int]] = {}
    for pk, user in Job.objects.filter(state=Job.State.WAITING).order_by("pk").values_list("pk", "asked_by"):
        waiting.setdefault(user, deque()).append(pk)
    begun = Job.objects.filter(asked_by__in=waiting, begun_at__isnull=False).order_by().values("asked_by")
    last = {line["asked_by"]: line["last"] for line in begun.annotate(last=Max("begun_at"))}
    never = datetime.min.replace(tzinfo=UTC)
    turns = deque(sorted(waiting, key=lambda user: (last.get(user, never), waiting[user][0])))
    while turns:
        user = turns.popleft()
        yield waiting[user].popleft()
        if waiting[user]:
            turns.append(user)
