import django.core.validators
import django.db.models.deletion
import xuezheng.records.fields
from django.db import migrations, models
from xuezheng.records.migration_operations import create_register


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        *create_register('Project', '建设项目', [
            ('code', models.CharField(help_text='立项时编定，如FS2018', max_length=20, unique=True, verbose_name='项目编号')),
            ('name', models.CharField(max_length=60, verbose_name='项目名称')),
            ('kind', models.CharField(choices=[('kindergarten', '幼儿园建设'), ('school_building', '学校新建扩建'), ('canteen', '食堂'), ('track', '运动场地'), ('repair', '校舍维修'), ('vision_base', '视力保护基地'), ('exam_centre', '标准化考点')], max_length=20, verbose_name='项目类别')),
            ('listed_on', models.DateField(verbose_name='立项日期')),
            ('budget', xuezheng.records.fields.MoneyField(validators=[django.core.validators.MinValueValidator(1, '预算须大于0元。')], verbose_name='预算（元）')),
            ('contractor', models.CharField(blank=True, help_text='未招标的不填', max_length=60, verbose_name='施工单位')),
            ('contract_amount', xuezheng.records.fields.MoneyField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1, '合同价须大于0元。')], verbose_name='合同价（元）')),
            ('school', models.ForeignKey(blank=True, help_text='新建学校未设立前不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], ordering=('code',)),
        *create_register('ExamCentre', '标准化考点', [
            ('rooms', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, '考场数须大于0。')], verbose_name='考场数')),
            ('finished_on', models.DateField(verbose_name='建成日期')),
            ('used_since', models.DateField(blank=True, help_text='未启用的不填', null=True, verbose_name='启用日期')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'finished_on'), name='one_centre_finished_on_a_day')]),
        *create_register('Milestone', '项目节点', [
            ('step', models.CharField(choices=[('tendered', '招标完成'), ('started', '开工'), ('completed', '竣工验收'), ('delivered', '交付使用')], max_length=10, verbose_name='节点')),
            ('planned_on', models.DateField(verbose_name='计划日期')),
            ('real_on', models.DateField(blank=True, help_text='未到达的不填', null=True, verbose_name='实际日期')),
            ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='works.project', verbose_name='建设项目')),
        ], constraints=[models.UniqueConstraint(fields=('project', 'step'), name='one_milestone_of_a_step')]),
        *create_register('SmartApplication', '智慧校园应用', [
            ('application', models.CharField(choices=[('platform', '智慧校园综合平台'), ('classroom', '智慧课堂'), ('marking', '智能阅卷'), ('office', '校务管理'), ('library', '数字图书馆'), ('home', '家校互通'), ('safety', '平安校园')], max_length=20, verbose_name='应用')),
            ('built_on', models.DateField(verbose_name='验收日期')),
            ('used_since', models.DateField(blank=True, help_text='未启用的不填', null=True, verbose_name='启用日期')),
            ('users', models.PositiveIntegerField(default=0, help_text='本学期登录过的师生和家长', verbose_name='使用人数')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'application'), name='one_application_of_a_kind_at_a_school')]),
    ]
