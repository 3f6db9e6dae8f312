"""Write the events that the rows of pupils state: the entry, and the leaving of those who left."""

from django.db import migrations
from django.utils import timezone

_AT_ONCE = 5000


def write_events(apps, schema_editor):
    """Write an entry for each pupil on the day of entry, and a leaving for each who has left, with their history."""
    pupils = apps.get_model("records", "Pupil").objects
    for kind, day, before, after in (
        ("entry", "entered_on", None, "class_group_id"),
        ("leaving", "left_on", "class_group_id", None),
    ):
        rows = pupils.exclude(**{day: None}).order_by("pk").values(
            "person_id", "class_group_id", "class_group__grade", "batch_id", "source_sheet", "source_row", day
        )
        waiting = []
        for row in rows.iterator(chunk_size=_AT_ONCE):
            waiting.append({
                "person_id": row["person_id"], "occurred_on": row[day], "kind": kind,
                "from_class_id": before and row[before], "to_class_id": after and row[after],
                "grade": row["class_group__grade"] if after else None, "batch_id": row["batch_id"],
                "source_sheet": row["source_sheet"], "source_row": row["source_row"],
            })  # fmt: skip
            if len(waiting) == _AT_ONCE:
                _insert(apps, waiting)
                waiting = []
        _insert(apps, waiting)


def _insert(apps, rows):
    """Insert events with an entry in the history as the import would have written it, so that undoing the import removes them."""
    event, history = (apps.get_model("records", name) for name in ("EnrolmentEvent", "HistoricalEnrolmentEvent"))
    saved = event.objects.bulk_create([event(**row) for row in rows])
    makers = dict(apps.get_model("records", "Batch").objects.values_list("pk", "made_by"))
    now = timezone.now()
    history.objects.bulk_create([
        history(
            id=record.pk, history_date=now, history_type="+", history_user_id=makers.get(record.batch_id),
            history_change_reason=f"导入批次{record.batch_id}" if record.batch_id else "由学生名册转入", **row,
        )
        for record, row in zip(saved, rows, strict=True)
    ])  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0017_enrolment_events'),
    ]

    operations = [migrations.RunPython(write_events, migrations.RunPython.noop)]
