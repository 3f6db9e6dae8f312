import django.core.validators
import django.db.models.deletion
import xuezheng.records.models.work
from django.db import migrations, models
from xuezheng.records.migration_operations import create_register


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        *create_register('Organisation', '党组织', [
            ('name', models.CharField(max_length=60, unique=True, verbose_name='党组织名称')),
            ('kind', models.CharField(choices=[('committee', '党委（工委）'), ('general_branch', '党总支'), ('branch', '党支部'), ('joint_branch', '联合党支部')], max_length=20, verbose_name='类别')),
            ('parent', models.CharField(blank=True, max_length=60, verbose_name='上级党组织')),
            ('secretary_rank', models.CharField(blank=True, choices=[('head', '正职'), ('deputy', '副职'), ('middle', '中层'), ('other', '其他')], max_length=10, verbose_name='书记职级')),
            ('founded_on', models.DateField(verbose_name='成立日期')),
            ('dissolved_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
            ('secretary', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='书记')),
        ]),
        *create_register('Member', '党员', [
            ('joined_on', models.DateField(verbose_name='入党日期')),
            ('full_on', models.DateField(blank=True, help_text='预备党员不填', null=True, verbose_name='转正日期')),
            ('left_on', models.DateField(blank=True, null=True, verbose_name='转出日期')),
            ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='党员')),
            ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='party.organisation', verbose_name='党组织')),
        ]),
        *create_register('MemberSchool', '党组织所属学校', [
            ('school', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
            ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='party.organisation', verbose_name='党组织')),
        ]),
        *create_register('Development', '发展党员', [
            ('applied_on', models.DateField(verbose_name='申请入党日期')),
            ('activist_on', models.DateField(blank=True, null=True, verbose_name='确定为积极分子日期')),
            ('prospect_on', models.DateField(blank=True, null=True, verbose_name='列为发展对象日期')),
            ('probationary_on', models.DateField(blank=True, null=True, verbose_name='接收为预备党员日期')),
            ('full_on', models.DateField(blank=True, null=True, verbose_name='转为正式党员日期')),
            ('ended_on', models.DateField(blank=True, help_text='不再培养的填', null=True, verbose_name='终止培养日期')),
            ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='申请人')),
            ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='party.organisation', verbose_name='党组织')),
        ]),
        *create_register('IntegrityTask', '廉政任务', [
            ('title', models.CharField(max_length=60, verbose_name='任务名称')),
            ('kind', models.CharField(choices=[('paper', '文件印发'), ('meeting', '专题会议'), ('talk', '廉政谈话'), ('education', '警示教育'), ('inspection', '监督检查'), ('culture', '廉洁文化')], max_length=20, verbose_name='任务类别')),
            ('owner', models.CharField(choices=xuezheng.records.models.work.section_choices, max_length=20, verbose_name='责任业务')),
            ('document', models.CharField(blank=True, max_length=60, verbose_name='文号')),
            ('assigned_on', models.DateField(verbose_name='下达日期')),
            ('due_on', models.DateField(verbose_name='完成时限')),
            ('done_on', models.DateField(blank=True, null=True, verbose_name='完成日期')),
        ], constraints=[models.UniqueConstraint(fields=('title', 'assigned_on'), name='one_integrity_task_of_a_title')]),
        *create_register('MemberGrading', '党员评定', [
            ('year', models.PositiveSmallIntegerField(verbose_name='评定年度')),
            ('score', models.DecimalField(decimal_places=1, max_digits=5, validators=[django.core.validators.MinValueValidator(0, '得分不能小于0。')], verbose_name='先锋指数得分')),
            ('rated_on', models.DateField(verbose_name='评定日期')),
            ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='party.member', verbose_name='党员')),
        ], constraints=[models.UniqueConstraint(fields=('member', 'year'), name='one_grading_of_a_member')]),
        *create_register('BranchElection', '换届选举', [
            ('held_on', models.DateField(verbose_name='换届日期')),
            ('guided', models.BooleanField(default=False, help_text='党建办派人到会指导的填“是”', verbose_name='到会指导')),
            ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='party.organisation', verbose_name='党组织')),
        ], constraints=[models.UniqueConstraint(fields=('organisation', 'held_on'), name='one_election_of_an_organisation_a_day')]),
        *create_register('OrganisationRating', '党组织评星', [
            ('year', models.PositiveSmallIntegerField(verbose_name='评定年度')),
            ('score', models.DecimalField(decimal_places=1, max_digits=5, validators=[django.core.validators.MinValueValidator(0, '得分不能小于0。')], verbose_name='堡垒指数得分')),
            ('rated_on', models.DateField(verbose_name='评定日期')),
            ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='party.organisation', verbose_name='党组织')),
        ], constraints=[models.UniqueConstraint(fields=('organisation', 'year'), name='one_rating_of_an_organisation')]),
        *create_register('PlatformUse', '学习平台使用', [
            ('month', models.DateField(help_text='填当月首日，如2019-04-01', verbose_name='统计月份')),
            ('days', models.PositiveSmallIntegerField(help_text='未使用的填0', verbose_name='使用天数')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='教职工')),
            ('school', models.ForeignKey(blank=True, help_text='局机关人员不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'month'), name='one_platform_use_of_a_person_a_month')]),
    ]
