"""Work that takes longer than a page may: it waits in the database, and a worker process does it (后台任务).

To declare a kind of job, write a function in the file ``jobs.py`` of a room of the engine or of an area::

    from xuezheng.jobs.kinds import Result, Run, job

    @job("aid.ledger", "生成台账", faults=(LedgerRefused,))
    def ledger(run: Run, term: str) -> Result:
        for done, school in enumerate(schools, 1):
            ...
            run(f"{school}", done, len(schools))
        return {"address": reverse("aid:ledgers"), "message": "台账已生成。"}

To have it done for a user, call ``ledger.ask(user, term="2019春")``, which returns the :class:`~xuezheng.jobs.models.Job`,
and lead to its page: ``redirect("web:job", job.pk)``. That page shows how far it is and then goes on to the ``address`` of the
result. ``ledger.at_once(user, term="2019春")`` does the same here and now, in this process.

- Arguments are JSON: tokens, ids, codes. Never anything of a person: they are kept.
- ``run(words, done, total)`` is what every long work of the engine takes as its ``progress``; ``run.user`` is who asked.
- The exceptions in ``faults`` have a Chinese sentence for the user as text, and end the job as failed; all others are
  written to the terminal, and the user may try again.
- A kind may be begun again after its process was killed at any moment: what it does twice must have the effect of once.
  What writes the registers calls ``run.settle(result)`` inside its transaction: then the transaction commits only while the job is
  still this process's to do, and a job with a result is never begun again. ``run.again`` says that an attempt was made before.

``kinds`` declares, ``models`` keeps, ``steps`` moves a job from state to state, ``pulse`` tells that it lives and how far it is,
``worker`` finds jobs and watches over the process that ``child`` does one in.
"""
