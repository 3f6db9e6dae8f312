"""Several acts at the same moment, each in a thread and with a connection of its own."""

from threading import Barrier, Thread

from django.db import connection


def at_once(*acts):
    """Do everything at once; return what came of it, and what was raised."""
    start, done, raised = Barrier(len(acts)), [], []

    def run(act):
        start.wait()
        try:
            done.append(act())
        except Exception as problem:
            raised.append(problem)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, raised


def told_apart(raised, refusal):
    """The sentences of refusals, and what else was raised."""
    sentences = [str(problem) for problem in raised if isinstance(problem, refusal)]
    return sentences, [problem for problem in raised if not isinstance(problem, refusal)]
