"""Many records changed at once: nobody's change is lost, whoever comes first."""

import pytest
from tests.at_once import at_once

from xuezheng.intake.by_hand.bulk_edit import change, propose
from xuezheng.records.models import Batch, School, User

pytestmark = pytest.mark.database


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_of_the_same_records_at_once_one_is_made_and_the_other_told(schools):
    user = User.objects.create(username="office", role=User.Role.OFFICE)
    School.objects.update(urban_rural="121")
    count = School.objects.count()
    visible = School.objects.visible_to(user)
    stands = propose(visible.all(), "urban_rural", "220").states

    def to(value):
        return lambda: (value, change(visible.all(), "urban_rural", value, stands, "更正", user))

    done, raised = at_once(to("220"), to("111"))
    assert raised == []
    counts = {value: it.count for value, it in done}
    assert sorted(counts.values()) == [0, count]
    (made,) = [value for value, changed in counts.items() if changed]
    assert set(School.objects.values_list("urban_rural", flat=True)) == {made}
    assert sorted(len(it.stale) for _, it in done) == [0, count]
    batch = Batch.objects.get(reason="更正")
    assert all(
        school.history.first().history_change_reason == f"批量修改批次{batch.pk}：更正"
        for school in School.objects.all()
    )
