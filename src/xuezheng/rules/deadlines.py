"""Expressions on whether a task was done by its due date, shared by the rules of all areas."""

import ibis


def happened(on: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Return, as an expression, whether the date ``on`` is on or before ``day``.

    Returns False where ``on`` is NULL.
    """
    return (on <= day).fill_null(False)


def timeliness(done_on: ibis.Value, due_on: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Return, as an expression, the status of a task on ``day``; a task done on its due date is in time.

    ``in_time`` or ``late`` if it was done on or before ``day``, else ``overdue`` if the due date is before
    ``day``, else ``open``.
    """
    done = happened(done_on, day)
    return ibis.cases(
        (done & (done_on <= due_on), "in_time"), (done, "late"), (due_on < day, "overdue"), else_="open"
    )


def timeliness_names(done: str, doing: str) -> dict[str, str]:
    """Return Chinese names of the values of :func:`timeliness`, by value.

    ``done`` and ``doing`` are the words for the task done and in progress, such as 整改 and 整改中.
    """
    return {"in_time": f"按期{done}", "late": f"逾期{done}", "open": doing, "overdue": f"逾期未{done}"}
