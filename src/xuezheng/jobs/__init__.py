"""Background jobs (后台任务): work too long for a page waits in the database until a worker process does it.

To declare a kind of job, write a function in the file ``jobs.py`` of a package of the engine or of an area::

    from xuezheng.jobs.kinds import Result, Run, job

    @job("aid.ledger", "生成台账", faults=(LedgerRefused,))
    def ledger(run: Run, term: str) -> Result:
        for done, school in enumerate(schools, 1):
            ...
            run(f"{school}", done, len(schools))
        return {"address": reverse("aid:ledgers"), "message": "台账已生成。"}

To have a worker run it for a user, call ``ledger.ask(user, term="2019春")``, which returns the
:class:`~xuezheng.jobs.models.Job`, and redirect to the job's page: ``redirect("web:job", job.pk)``. That page shows the progress
and then goes on to the ``address`` of the result. ``ledger.at_once(user, term="2019春")`` runs the function immediately, in this
process.

- Arguments are JSON: tokens, ids, codes. Never personal data: arguments are stored.
- ``run(words, done, total)`` is the callable that every long function of the engine takes as its ``progress``: a Chinese text,
  the steps done, and the steps in all. ``run.user`` is the user who requested the job.
- The exceptions in ``faults`` have a Chinese sentence for the user as text, and end the job as failed; all others are
  written to the terminal, and the user may try again.
- A job may be begun again after its process was killed at any moment: running it twice must have the effect of running it once.
  A job that writes the registers calls ``run.settle(result)`` inside its transaction: then the transaction commits only while the
  job is still assigned to this process, and a job with a result is never begun again. ``run.again`` is True where an attempt was
  made before.

``kinds`` declares kinds of jobs, ``models`` stores jobs, ``transitions`` moves a job from state to state, ``heartbeat`` records
that a job is alive and how far it is, ``worker`` finds jobs and watches over the ``child`` process that runs one, ``attachments``
keeps the files of jobs.
"""
