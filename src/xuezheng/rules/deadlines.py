"""Whether a thing was done by its due date, as expressions for the rules of every section."""

import ibis


def happened(on: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Return whether an event had happened by a day; False where its date is empty."""
    return (on <= day).fill_null(False)


def timeliness(done_on: ibis.Value, due_on: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Return the status of a task on a day: ``in_time`` or ``late`` if done by then, else ``overdue`` or ``open``."""
    done = happened(done_on, day)
    return ibis.cases(
        (done & (done_on <= due_on), "in_time"), (done, "late"), (due_on < day, "overdue"), else_="open"
    )


def timeliness_names(done: str, doing: str) -> dict[str, str]:
    """Return the Chinese names of the values of :func:`timeliness`, from words such as 整改 and 整改中."""
    return {"in_time": f"按期{done}", "late": f"逾期{done}", "open": doing, "overdue": f"逾期未{done}"}
