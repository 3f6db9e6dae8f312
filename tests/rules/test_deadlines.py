"""Whatever has a due day and a day on which it was done is in time, late, overdue or open, and nothing else."""

from datetime import date, timedelta

import ibis
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from xuezheng.rules import timeliness, timeliness_names

FROZEN = date(2019, 7, 5)
DAYS = st.dates(FROZEN - timedelta(days=20), FROZEN + timedelta(days=20))
COLUMNS = pa.schema([("place", pa.int64()), ("done", pa.date32()), ("due", pa.date32())])


def told(rows):
    numbered = [{"place": place, "done": done, "due": due} for place, (done, due) in enumerate(rows)]
    table = ibis.memtable(pa.Table.from_pylist(numbered, COLUMNS))
    found = table.mutate(told=timeliness(table.done, table.due, ibis.date(FROZEN))).order_by("place")
    return found.to_pyarrow()["told"].to_pylist()


def expected(done, due):
    if done is not None and done <= FROZEN:
        return "in_time" if done <= due else "late"
    return "overdue" if due < FROZEN else "open"


#: On the limits: done on the day of the freeze and a day after, due on the day and a day before, and done on the due day.
LIMITS = [
    (done, FROZEN + timedelta(days=shift))
    for done in (FROZEN, FROZEN + timedelta(days=1), None)
    for shift in (-1, 0, 1)
]


@example(LIMITS)
@given(st.lists(st.tuples(st.none() | DAYS, DAYS), min_size=1, max_size=40))
def test_it_follows_from_the_days_as_far_as_they_are_over_when_frozen(rows):
    assert told(rows) == [expected(*row) for row in rows]


def test_every_value_has_a_name():
    assert timeliness_names("整改", "整改中") == {
        "in_time": "按期整改",
        "late": "逾期整改",
        "open": "整改中",
        "overdue": "逾期未整改",
    }
