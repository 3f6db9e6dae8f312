"""Add the register of enrolment events, and the events that the rows of pupils state: the entry, and the leaving of those who left."""

import django.db.models.deletion
import xuezheng.records.fields
from django.db import migrations, models
from django.utils import timezone
from xuezheng.records.register_migration import create_register

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
        ('records', '0016_switches'),
    ]

    operations = [
        *create_register('EnrolmentEvent', '学籍异动', [
            ('occurred_on', models.DateField(help_text='转学填调档的日期', verbose_name='异动日期')),
            ('kind', xuezheng.records.fields.CodeField(codes='policy.enrolment_event', max_length=20, on='occurred_on', verbose_name='异动类别')),
            ('grade', models.PositiveSmallIntegerField(blank=True, help_text='可不填，按异动后的班级', null=True, verbose_name='异动后年级')),
            ('elsewhere', models.CharField(blank=True, help_text='从外地转入、转到外地的才填', max_length=60, verbose_name='外地学校')),
            ('requested_on', models.DateField(blank=True, help_text='转学的才填，用来看办理是否及时', null=True, verbose_name='转学申请日期')),
            ('reason', models.CharField(blank=True, max_length=80, verbose_name='原因')),
            ('document', models.CharField(blank=True, max_length=60, verbose_name='审批文号')),
            ('from_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.classgroup', verbose_name='原班级')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='学生')),
            ('to_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.classgroup', verbose_name='现班级')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'occurred_on', 'kind'), name='one_event_of_a_kind_on_a_day')],
           indexes=[models.Index(fields=['person', 'occurred_on'], name='events_of_a_person')]),
        migrations.RunPython(write_events, migrations.RunPython.noop),
    ]
