"""Add the register of enrolment events."""

import django.db.models.deletion
import xuezheng.records.fields
from django.db import migrations, models
from xuezheng.records.migration_operations import create_register


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
    ]
