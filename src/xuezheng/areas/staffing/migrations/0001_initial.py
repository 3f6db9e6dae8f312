import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from xuezheng.records.migration_operations import create_register


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        *create_register('ConductCase', '师德线索', [
            ('number', models.CharField(max_length=20, unique=True, verbose_name='线索编号')),
            ('received_on', models.DateField(verbose_name='受理日期')),
            ('kind', models.CharField(choices=[('tutoring', '有偿补课'), ('punishment', '体罚或变相体罚'), ('gifts', '收受礼品礼金'), ('absence', '在编不在岗'), ('other', '其他')], max_length=12, verbose_name='线索类别')),
            ('concluded_on', models.DateField(blank=True, null=True, verbose_name='办结日期')),
            ('outcome', models.CharField(blank=True, choices=[('true', '属实'), ('partly', '部分属实'), ('untrue', '不属实')], max_length=10, verbose_name='调查结论')),
            ('measure', models.CharField(blank=True, choices=[('talk', '谈话提醒'), ('criticism', '通报批评'), ('sanction', '纪律处分')], max_length=12, verbose_name='处理方式')),
            ('person', models.ForeignKey(blank=True, help_text='未指明的不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='被反映人')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ]),
        *create_register('Profile', '教师业务档案', [
            ('degree', models.CharField(choices=[('secondary', '中专（高中）'), ('associate', '专科'), ('bachelor', '本科'), ('graduate', '研究生')], max_length=10, verbose_name='最高学历')),
            ('certificate', models.CharField(blank=True, choices=[('preschool', '幼儿园教师资格'), ('primary', '小学教师资格'), ('junior', '初级中学教师资格'), ('senior', '高级中学教师资格'), ('vocational', '中等职业学校教师资格')], help_text='未取得的不填', max_length=10, verbose_name='教师资格')),
            ('title', models.CharField(choices=[('full_senior', '正高级'), ('senior', '高级'), ('middle', '中级'), ('junior', '初级'), ('none', '未定级')], max_length=12, verbose_name='职称级别')),
            ('title_on', models.DateField(blank=True, null=True, verbose_name='职称取得日期')),
            ('backbone', models.CharField(blank=True, choices=[('national', '国家级'), ('province', '省级'), ('city', '市级'), ('district', '区级'), ('school', '校级')], help_text='含教坛新星、学科带头人、名师、特级教师；不是的不填', max_length=10, verbose_name='骨干教师级别')),
            ('backbone_on', models.DateField(blank=True, null=True, verbose_name='骨干教师认定日期')),
            ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='staffing_profile', to='records.person', verbose_name='教职工')),
        ]),
        *create_register('RecruitmentPlan', '招聘计划', [
            ('year', models.PositiveSmallIntegerField(verbose_name='招聘年度')),
            ('code', models.CharField(max_length=10, verbose_name='岗位代码')),
            ('post', models.CharField(choices=[('kindergarten', '幼儿教师'), ('school', '中小学教师')], max_length=12, verbose_name='招聘岗位')),
            ('subject', models.CharField(choices=[('chinese', '语文'), ('mathematics', '数学'), ('english', '英语'), ('morality', '道德与法治（政治）'), ('history', '历史'), ('geography', '地理'), ('physics', '物理'), ('chemistry', '化学'), ('biology', '生物'), ('science', '科学'), ('pe', '体育与健康'), ('music', '音乐'), ('art', '美术'), ('information', '信息技术'), ('labour', '劳动与综合实践'), ('psychology', '心理健康'), ('preschool', '学前教育')], max_length=20, verbose_name='学科')),
            ('places', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, '招聘人数须大于0。')], verbose_name='招聘人数')),
            ('announced_on', models.DateField(verbose_name='公告日期')),
            ('document', models.CharField(blank=True, max_length=60, verbose_name='公告文号')),
            ('school', models.ForeignKey(blank=True, help_text='全区统筹的不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='用人学校')),
        ], constraints=[models.UniqueConstraint(fields=('year', 'code'), name='one_post_of_a_code')]),
        *create_register('Recruit', '录用人员', [
            ('notified_on', models.DateField(verbose_name='录用通知日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='录用人员')),
            ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='staffing.recruitmentplan', verbose_name='招聘计划')),
        ], constraints=[models.UniqueConstraint(fields=('plan', 'person'), name='taken_once_for_a_post')]),
        *create_register('Rotation', '交流轮岗摸底', [
            ('school_year', models.CharField(help_text='如2018-2019', max_length=9, validators=[django.core.validators.RegexValidator('^[0-9]{4}-[0-9]{4}$', '学年应写作“2018-2019”。')], verbose_name='学年')),
            ('assessed_on', models.DateField(help_text='任职年限算到这一天，如2018-08-31', verbose_name='认定截止日期')),
            ('volunteered', models.BooleanField(default=False, verbose_name='自愿报名')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='教职工')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='认定时所在学校')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'school_year'), name='one_review_a_year')]),
        *create_register('SchoolQuota', '编制岗位核定', [
            ('school_year', models.CharField(help_text='如2018-2019', max_length=9, validators=[django.core.validators.RegexValidator('^[0-9]{4}-[0-9]{4}$', '学年应写作“2018-2019”。')], verbose_name='学年')),
            ('set_on', models.DateField(verbose_name='核定日期')),
            ('establishment', models.PositiveSmallIntegerField(verbose_name='编制数')),
            ('senior_posts', models.PositiveSmallIntegerField(help_text='含正高级', verbose_name='高级岗位数')),
            ('middle_posts', models.PositiveSmallIntegerField(verbose_name='中级岗位数')),
            ('junior_posts', models.PositiveSmallIntegerField(verbose_name='初级岗位数')),
            ('rotation_places', models.PositiveSmallIntegerField(default=0, help_text='应派出人数', verbose_name='交流轮岗名额')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'school_year'), name='one_quota_a_year')]),
        *create_register('DegreeStudy', '学历提升', [
            ('degree', models.CharField(choices=[('secondary', '中专（高中）'), ('associate', '专科'), ('bachelor', '本科'), ('graduate', '研究生')], max_length=10, verbose_name='攻读学历')),
            ('institution', models.CharField(max_length=60, verbose_name='就读院校')),
            ('enrolled_on', models.DateField(verbose_name='入学日期')),
            ('finished_on', models.DateField(blank=True, help_text='在读的不填', null=True, verbose_name='取得学历日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='教师')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'degree'), name='one_study_for_a_degree')]),
    ]
