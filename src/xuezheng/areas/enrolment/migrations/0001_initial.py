import django.db.models.deletion
from django.db import migrations, models
from xuezheng.records.migration_operations import create_register


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('enrolment', '0002_initial'),
        ('enrolment', '0003_zones'),
    ]

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        *create_register('ExamCandidate', '高考考生', [
            ('track', models.CharField(choices=[('arts', '文史类'), ('science', '理工类')], max_length=10, verbose_name='科类')),
            ('exam_on', models.DateField(help_text='首日，如2019-06-07', verbose_name='考试日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='考生')),
            ('school', models.ForeignKey(blank=True, help_text='社会考生不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='报名学校')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'exam_on'), name='one_candidate_for_an_exam')]),
        *create_register('Feeder', '对口直升', [
            ('year', models.PositiveSmallIntegerField(verbose_name='招生年份')),
            ('junior', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feeders', to='records.school', verbose_name='对口初中')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='小学')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'year'), name='one_junior_of_a_primary')]),
        *create_register('SchoolZone', '学区划片', [
            ('stage', models.CharField(choices=[('primary', '小学'), ('junior', '初中')], max_length=10, verbose_name='学段')),
            ('year', models.PositiveSmallIntegerField(verbose_name='招生年份')),
            ('community', models.CharField(max_length=40, verbose_name='社区（村）')),
            ('children', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='适龄儿童数')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'stage', 'year', 'community'), name='one_community_in_a_schools_zone')]),
    ]
