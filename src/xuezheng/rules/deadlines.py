"""What follows from a day by which something is due and the day on which it was done: the same for every section."""

import ibis


def happened(on: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Whether something had happened by a day; what has no day has not."""
    return (on <= day).fill_null(False)


def timeliness(done_on: ibis.Value, due_on: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Return ``in_time`` or ``late`` for what was done by a day, ``overdue`` or ``open`` for what was not."""
    done = happened(done_on, day)
    return ibis.cases(
        (done & (done_on <= due_on), "in_time"), (done, "late"), (due_on < day, "overdue"), else_="open"
    )


def timeliness_names(done: str, doing: str) -> dict[str, str]:
    """Name the values of :func:`timeliness`, of 整改 and 整改中 for instance."""
    return {"in_time": f"按期{done}", "late": f"逾期{done}", "open": doing, "overdue": f"逾期未{done}"}
