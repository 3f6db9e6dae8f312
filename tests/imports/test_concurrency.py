"""Imports at the same time."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from xuezheng.imports import import_workbook
from xuezheng.records.models import Person, PersonCategory, Pupil

SIZE = 6


@pytest.mark.django_db(transaction=True)
def test_the_same_new_people_in_many_imports_at_once_are_added_once(small, workbook, taken):
    taken(
        workbook({title: small[title] for title in ("本区信息", "学期", "学校名册", "班级名册")}, "学校.xlsx")
    )
    paths = [workbook({"学生名册": small["学生名册"]}, f"{number}.xlsx") for number in range(SIZE)]
    together, outcomes, failures = Barrier(SIZE), [], []

    def take(path):
        together.wait()
        try:
            outcomes.append(import_workbook(path))
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=take, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(outcome.saved for outcome in outcomes) == 1
    assert Person.objects.count() == Pupil.objects.count() == len(small["学生名册"])
    assert PersonCategory.objects.count() == 0
