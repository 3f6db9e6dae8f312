"""Who asks for much waits for it, and not the others; what takes too much is ended, and said so."""

import os
import time

import pytest
from tests.at_once import at_once

from xuezheng.core.process_limits import Limits
from xuezheng.jobs import kinds, transitions, worker
from xuezheng.jobs.child import carry_out
from xuezheng.jobs.kinds import Kind
from xuezheng.jobs.models import Job, in_turn
from xuezheng.jobs.worker import Worker
from xuezheng.records.models import User

State = Job.State


@pytest.fixture
def people(db):
    return [User.objects.create(username=name, role="office") for name in ("经办", "办公室", "股室")]


@pytest.fixture
def kind(monkeypatch):
    def declare(function=lambda run: {}, limits=None):
        declared = Kind("test", "试", function, (), limits)
        monkeypatch.setattr(kinds, "job_kinds", lambda: {"test": declared})
        return declared

    return declare


def test_forty_of_one_do_not_stand_before_one_of_another(kind, people):
    clerk, office, section = people
    many = [kind().ask(clerk) for _ in range(40)]
    single, other = kind().ask(office), kind().ask(section)
    assert [job.ahead for job in (many[0], single, other, many[1], many[39])] == [0, 1, 2, 3, 41]
    begun = []
    while job := transitions.claim():
        begun.append(job.pk)
        carry_out(job, lambda *report: None)
    assert begun[:4] == [many[0].pk, single.pk, other.pk, many[1].pk]
    assert len(begun) == 42


def test_who_was_served_last_is_served_last_again(kind, people):
    clerk, office, _ = people
    first = kind().ask(clerk)
    carry_out(transitions.claim(), lambda *report: None)
    assert Job.objects.get(pk=first.pk).begun_at
    second, single = kind().ask(clerk), kind().ask(office)
    assert list(in_turn()) == [single.pk, second.pk]
    assert transitions.claim() == single
    assert (second.ahead, transitions.claim()) == (1, second)


def test_what_is_ahead_is_what_is_begun_before(kind, people):
    jobs = [kind().ask(people[number % 7 % 3]) for number in range(20)]
    places = {job.pk: job.ahead for job in jobs}
    order = []
    while job := transitions.claim():
        order.append(job.pk)
        carry_out(job, lambda *report: None)
    assert sorted(places, key=places.get) == order


@pytest.mark.django_db(transaction=True)
def test_of_workers_at_once_each_job_is_begun_once(kind, people):
    jobs = [kind().ask(people[number % 3]) for number in range(3)]
    claims, raised = at_once(*[transitions.claim] * 4)
    claimed = [job.pk for job in claims if job is not None]
    assert raised == []
    assert len(claimed) == len(set(claimed)) >= 1
    assert set(claimed) <= {job.pk for job in jobs}


def take_memory(run):
    return {"message": str(len(bytearray(2**30)))}


def take_processor(run):
    while True:
        pass


def take_time(run):
    time.sleep(600)


def die(run):
    os._exit(3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("function", [take_memory, take_processor, take_time, die])
def test_a_job_beyond_its_limits_is_ended_and_not_begun_again(kind, people, monkeypatch, function):
    monkeypatch.setattr(worker, "_BEAT_SECONDS", 0.2)
    kind(function, Limits(megabytes=300, seconds=2, wall_seconds=4))
    job = Job.objects.create(kind="test", title="试", asked_by=people[0])
    Worker().run(forever=False)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.may_retry) == (State.FAILED, 1, False)
    assert "内存或时间超过了上限" in job.failure
