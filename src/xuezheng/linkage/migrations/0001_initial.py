import django.db.models.deletion
import xuezheng.records.fields
import xuezheng.records.identifiers
from django.conf import settings
from django.db import migrations, models
from xuezheng.records.migration_operations import create_register


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_hash', models.CharField(db_index=True, max_length=32)),
                ('verdict', models.CharField(choices=[('same', '是同一人'), ('different', '不是同一人'), ('absent', '不在本区就读')], max_length=10, verbose_name='决定')),
                ('school_name', models.CharField(blank=True, max_length=60, verbose_name='就读学校')),
                ('study_division', models.CharField(blank=True, max_length=6, validators=[xuezheng.records.identifiers.check_division], verbose_name='就读地区划代码')),
                ('note', models.CharField(max_length=200, verbose_name='依据')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='决定时间')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='撤销时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.person', verbose_name='学生')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤销人')),
            ],
            options={
                'verbose_name': '比对决定',
                'verbose_name_plural': '比对决定',
                'ordering': ('pk',),
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('undone_at', None), models.Q(('verdict', 'different'), _negated=True)), fields=('content_hash',), name='one_standing_decision_of_a_content'),
                    models.UniqueConstraint(condition=models.Q(('undone_at', None), ('verdict', 'different')), fields=('content_hash', 'person'), name='one_standing_refusal_of_a_person'),
                ],
            },
        ),
        *create_register('ListRow', '外部名单', [
            ('category', models.CharField(choices=[('registered_poor', '建档立卡'), ('rural_allowance', '农村低保'), ('rural_support', '农村特困供养'), ('disabled', '家庭经济困难残疾学生'), ('urban_allowance', '城市低保'), ('orphan', '孤儿'), ('martyr_family', '烈士或优抚子女'), ('other', '其他家庭经济困难')], max_length=20, verbose_name='困难类别')),
            ('listed_on', models.DateField(verbose_name='名单日期')),
            ('place', models.PositiveIntegerField(verbose_name='序号')),
            ('name', models.CharField(max_length=50, verbose_name='姓名')),
            ('id_number', xuezheng.records.fields.AsWrittenField(blank=True, help_text='照来表原样，不改', max_length=60, verbose_name='证件号（原样）')),
            ('birth_date', models.DateField(blank=True, null=True, verbose_name='出生日期')),
            ('sex', models.CharField(blank=True, choices=[('male', '男'), ('female', '女')], max_length=6, verbose_name='性别')),
            ('guardian', models.CharField(blank=True, max_length=50, verbose_name='监护人')),
            ('village', models.CharField(blank=True, max_length=60, verbose_name='村（居）')),
            ('stage', models.CharField(blank=True, choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中'), ('university', '高校')], max_length=10, verbose_name='学段')),
            ('school_name', models.CharField(blank=True, max_length=60, verbose_name='就读学校（原样）')),
            ('study_division', models.CharField(blank=True, help_text='来表没有的不填', max_length=6, validators=[xuezheng.records.identifiers.check_division], verbose_name='就读地区划代码')),
        ], ordering=('category', 'listed_on', 'place'), constraints=[models.UniqueConstraint(fields=('category', 'listed_on', 'place'), name='one_row_of_a_place_in_a_list')]),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_hash', models.CharField(db_index=True, max_length=32)),
                ('state', models.CharField(choices=[('found', '相符'), ('absent', '不在本区就读'), ('open', '待核')], max_length=10, verbose_name='比对结果')),
                ('reason', models.CharField(choices=[('number', '证件号相同'), ('tidied', '证件号去掉空格、改为半角后相同'), ('old_number', '十五位旧号升位后相同'), ('one_digit', '证件号错一位'), ('swapped', '证件号相邻两位颠倒'), ('lost_digits', '证件号末几位丢失（被存成了数字）'), ('similar', '姓名、出生日期等综合相符'), ('stated', '名单写明在外地就读'), ('name_conflict', '证件号相同而姓名不同'), ('several', '不止一人相符'), ('doubtful', '有相近的人，把握不足'), ('nobody', '本区学籍中没有相近的人')], max_length=20, verbose_name='比对依据')),
                ('study_division', models.CharField(blank=True, max_length=6, verbose_name='查明的就读地区划代码')),
                ('birth_date_differs', models.BooleanField(default=False, verbose_name='出生日期与学籍不符')),
                ('stage_differs', models.BooleanField(default=False, verbose_name='学段与学籍不符')),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='linkage.decision', verbose_name='依据的决定')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.person', verbose_name='相符的学生')),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='link', to='linkage.listrow', verbose_name='名单行')),
            ],
            options={
                'verbose_name': '比对结果',
                'verbose_name_plural': '比对结果',
                'ordering': ('row',),
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('strength', models.FloatField(verbose_name='把握')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.person', verbose_name='学生')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='linkage.link')),
            ],
            options={
                'verbose_name': '相近的人',
                'verbose_name_plural': '相近的人',
                'ordering': (models.OrderBy(models.F('strength'), descending=True), 'person'),
                'constraints': [models.UniqueConstraint(fields=('link', 'person'), name='one_candidacy_of_a_person')],
            },
        ),
    ]
