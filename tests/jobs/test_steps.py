"""A job goes from state to state once, however many try."""

import subprocess

import pytest
from tests.at_once import at_once

from xuezheng.jobs import kinds, transitions
from xuezheng.jobs.child import carry_out
from xuezheng.jobs.heartbeat import JobProgress
from xuezheng.jobs.kinds import JobLost, Kind, job_kinds
from xuezheng.jobs.models import Job
from xuezheng.records.models import User

State = Job.State


class Refused(Exception):
    pass


@pytest.fixture
def office(db):
    return User.objects.create(username="办公室", role="office")


@pytest.fixture
def kind(monkeypatch):
    """Declare a function as a kind."""

    def declare(function):
        declared = Kind("test", "试", function, (Refused,))
        monkeypatch.setattr(kinds, "job_kinds", lambda: {"test": declared})
        return declared

    return declare


def done(job, tell=lambda *told: None):
    carry_out(job, tell)
    job.refresh_from_db()
    return job


def test_the_one_that_waited_longest_is_begun_first_and_told_of(kind, office):
    first, second = (kind(lambda run, n: {"address": f"/{n}/"}).ask(office, n=n) for n in (1, 2))
    begun = transitions.claim()
    assert (begun, begun.state, begun.attempts) == (first, State.RUNNING, 1)
    assert second.ahead == 1
    assert done(begun).result == {"address": "/1/"}
    assert (begun.state, second.ahead) == (State.DONE, 0)


def test_what_it_tells_reaches_the_pulse(kind, office):
    heard = []
    job = kind(lambda run: [run("读", n, 3) for n in (0, 3)] and {}).ask(office)
    done(transitions.claim(), lambda *told: heard.append(told))
    assert heard == [("读", 0, 3), ("读", 3, 3)]
    job.pulse.beat(JobProgress("读", 1, 3, since=1.0))
    assert (job.pulse.progress().done, job.pulse.progress().left.total_seconds() > 0) == (1, True)
    job.pulse.stop()
    assert (job.pulse.progress(), job.pulse.age()) == (JobProgress(), float("inf"))


def test_a_fault_is_told_and_final_and_anything_else_may_be_tried_again(kind, office):
    def fail(run, fault):
        raise Refused("缺少表。") if fault else ZeroDivisionError

    declared = kind(fail)
    declared.ask(office, fault=True)
    refused = done(transitions.claim())
    assert (refused.state, refused.failure, transitions.retry(refused)) == (State.FAILED, "缺少表。", False)
    declared.ask(office, fault=False)
    failed = done(transitions.claim())
    assert "请重试" in failed.failure
    assert transitions.retry(failed)
    assert not transitions.retry(failed)
    assert done(transitions.claim()).attempts == 2


def test_a_kind_that_is_no_more_is_told(kind, office, monkeypatch):
    kind(lambda run: {}).ask(office)
    monkeypatch.setattr(kinds, "job_kinds", dict)
    assert "不认识" in done(transitions.claim()).failure


def test_only_who_has_the_job_settles_ends_or_gives_it_up(kind, office):
    kind(lambda run: {}).ask(office)
    first = transitions.claim()
    first.pulse.stop()
    transitions.put_back_dead(60)
    second = transitions.claim()
    assert (second.attempts, second.lost) == (2, 1)
    assert [move(first, {}) for move in (transitions.settle, transitions.finish)] == [False, False]
    assert not transitions.is_still_assigned(first)
    transitions.put_back(first)
    assert transitions.is_still_assigned(second)
    transitions.put_back_dead(60)  # it was just claimed
    assert transitions.settle(second, {"address": "/"})


def test_a_run_that_lost_its_job_does_not_get_past_settling(kind, office):
    def write(run):
        transitions.cancel(job)
        run.settle({"address": "/"})
        raise AssertionError("it went on")

    job = kind(write).ask(office)
    assert (done(transitions.claim()).state, job.result) == (State.FAILED, None)
    with pytest.raises(AssertionError, match="went on"):  # nobody can take it from a page
        kind(write).at_once(office)
    assert issubclass(JobLost, Exception)


def test_what_was_settled_is_not_done_again(kind, office):
    def write(run):
        run.settle({"address": "/written/"})
        raise KeyboardInterrupt  # killed

    job = kind(write).ask(office)
    begun = transitions.claim()
    with pytest.raises(KeyboardInterrupt):
        carry_out(begun, lambda *told: None)
    assert not transitions.cancel(job)
    for _ in range(transitions.LOST_LIMIT):
        begun.pulse.stop()
        transitions.put_back_dead(60)
        begun = transitions.claim()
    assert done(begun).result == {"address": "/written/"}
    assert begun.state == State.DONE


def test_a_worker_that_runs_no_more_on_this_machine_is_not_waited_for(kind, office):
    kind(lambda run: {}).ask(office)
    job, ended = transitions.claim(), subprocess.Popen(["true"])
    ended.wait()
    told = {"alive": job.worker, "elsewhere": f"far {ended.pid}", "gone": transitions._here(ended.pid)}
    for worker in told.values():
        Job.objects.update(worker=worker)
        transitions.put_back_dead(60)
    job.refresh_from_db()
    assert (job.state, job.lost) == (State.WAITING, 1)
    assert job.worker == told["gone"]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_many_who_claim_at_once_get_each_another_job(kind):
    declared, user = kind(lambda run: {}), User.objects.create(username="办公室", role="office")
    for _ in range(3):
        declared.ask(user)
    claimed, failures = at_once(*[transitions.claim] * 6)
    claimed = [job.pk for job in claimed if job]
    assert failures == []
    assert len(claimed) == len(set(claimed))
    assert Job.objects.filter(state=State.RUNNING).count() == len(claimed) >= 1


def test_every_kind_has_a_title_and_is_found_by_its_name():
    assert set(job_kinds()) >= {"upload.preview", "upload.commit", "freeze"}
    assert all(kind.name == name and kind.title for name, kind in job_kinds().items())
