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
        *create_register('Evaluation', '年度考核', [
            ('year', models.PositiveSmallIntegerField(verbose_name='考核年度')),
            ('evaluated_on', models.DateField(verbose_name='考核日期')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'year'), name='one_evaluation_of_a_school_a_year')]),
        *create_register('Finding', '督导问题', [
            ('found_on', models.DateField(verbose_name='发现日期')),
            ('kind', models.CharField(choices=[('comprehensive', '综合督导'), ('special', '专项督导'), ('regular', '经常性督导')], max_length=20, verbose_name='督导类型')),
            ('topic', models.CharField(choices=[('party', '党的建设'), ('integrity', '党风廉政'), ('management', '学校管理'), ('teachers', '队伍建设'), ('teaching', '教育教学'), ('development', '学生发展'), ('safety', '安全稳定'), ('conditions', '办学条件')], max_length=20, verbose_name='问题类别')),
            ('issue', models.CharField(max_length=100, verbose_name='问题')),
            ('due_on', models.DateField(verbose_name='整改时限')),
            ('mended_on', models.DateField(blank=True, null=True, verbose_name='整改完成日期')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'found_on', 'issue'), name='one_finding_of_an_issue')]),
        *create_register('Indicator', '评价指标', [
            ('code', models.CharField(help_text='如2019-X01', max_length=20, unique=True, verbose_name='指标编号')),
            ('year', models.PositiveSmallIntegerField(verbose_name='指标年度')),
            ('scope', models.CharField(choices=[('school', '中小学'), ('kindergarten', '幼儿园')], max_length=20, verbose_name='适用范围')),
            ('topic', models.CharField(choices=[('party', '党的建设'), ('integrity', '党风廉政'), ('management', '学校管理'), ('teachers', '队伍建设'), ('teaching', '教育教学'), ('development', '学生发展'), ('safety', '安全稳定'), ('conditions', '办学条件')], max_length=20, verbose_name='指标类别')),
            ('title', models.CharField(max_length=60, verbose_name='指标名称')),
            ('weight', models.PositiveSmallIntegerField(help_text='同一年度、同一范围各指标之和为100', validators=[django.core.validators.MinValueValidator(1, '权重须大于0。')], verbose_name='权重')),
        ]),
        *create_register('IndicatorScore', '指标得分', [
            ('score', models.PositiveSmallIntegerField(help_text='百分制', validators=[django.core.validators.MaxValueValidator(100, '得分按百分制填写，不能大于100。')], verbose_name='得分')),
            ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='inspection.evaluation', verbose_name='年度考核')),
            ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='inspection.indicator', verbose_name='评价指标')),
        ], constraints=[models.UniqueConstraint(fields=('evaluation', 'indicator'), name='one_score_of_an_indicator')]),
        *create_register('KindergartenVisit', '学前教育督查', [
            ('visited_on', models.DateField(verbose_name='督查日期')),
            ('aspect', models.CharField(choices=[('safety', '安全管理'), ('health', '卫生保健'), ('care', '保育教育'), ('schooling', '小学化倾向'), ('fees', '收费行为'), ('staff', '师德师风')], max_length=20, verbose_name='督查内容')),
            ('passed', models.BooleanField(verbose_name='符合要求')),
            ('problem', models.CharField(blank=True, max_length=100, verbose_name='存在问题')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='幼儿园')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'visited_on', 'aspect'), name='one_visit_of_an_aspect_a_day')]),
        *create_register('TrainingInstitution', '校外培训机构', [
            ('name', models.CharField(max_length=60, unique=True, verbose_name='机构名称')),
            ('kind', models.CharField(choices=[('academic', '学科类'), ('arts', '艺术类'), ('sports', '体育类'), ('care', '托管类')], max_length=20, verbose_name='培训类别')),
            ('licence', models.CharField(blank=True, help_text='没有的不填', max_length=40, verbose_name='办学许可证号')),
            ('licensed_until', models.DateField(blank=True, null=True, verbose_name='许可证有效期至')),
            ('opened_on', models.DateField(help_text='纳入台账管理的日期', verbose_name='登记日期')),
            ('closed_on', models.DateField(blank=True, null=True, verbose_name='停办日期')),
        ]),
        *create_register('InstitutionCheck', '培训机构检查', [
            ('checked_on', models.DateField(verbose_name='检查日期')),
            ('problem', models.CharField(choices=[('none', '未发现问题'), ('unlicensed', '无证办学'), ('ahead', '超前超标培训'), ('fees', '收费不规范'), ('fire', '消防隐患'), ('teachers', '教师资格不符')], max_length=20, verbose_name='主要问题')),
            ('prepaid_months', models.PositiveSmallIntegerField(blank=True, help_text='没有查收费的不填', null=True, verbose_name='一次性收费月数')),
            ('due_on', models.DateField(blank=True, null=True, verbose_name='整改时限')),
            ('mended_on', models.DateField(blank=True, null=True, verbose_name='整改完成日期')),
            ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='inspection.traininginstitution', verbose_name='校外培训机构')),
        ], constraints=[models.UniqueConstraint(fields=('institution', 'checked_on'), name='one_check_of_an_institution_a_day')]),
    ]
