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
        *create_register('FundingPaper', '经费文件', [
            ('document', models.CharField(max_length=60, unique=True, verbose_name='文号')),
            ('title', models.CharField(max_length=100, verbose_name='文件名称')),
            ('topic', models.CharField(choices=[('budget', '预算管理'), ('special_funds', '专项资金'), ('fees', '教育收费'), ('assets', '资产管理'), ('audit', '内部审计')], max_length=20, verbose_name='文件内容')),
            ('with_finance', models.BooleanField(default=False, verbose_name='会同财政部门印发')),
            ('issued_on', models.DateField(verbose_name='印发日期')),
        ]),
        *create_register('BudgetLine', '预算安排', [
            ('year', models.PositiveSmallIntegerField(verbose_name='预算年度')),
            ('function', models.CharField(choices=[('2050101', '行政运行'), ('2050201', '学前教育'), ('2050202', '小学教育'), ('2050203', '初中教育'), ('2050204', '高中教育'), ('2050299', '其他普通教育支出'), ('2050304', '职业高中教育'), ('2050701', '特殊学校教育'), ('2050801', '教师进修'), ('2050999', '其他教育费附加安排的支出'), ('2059999', '其他教育支出')], max_length=7, verbose_name='功能分类')),
            ('source', models.CharField(choices=[('general', '一般公共预算'), ('government_fund', '政府性基金预算'), ('special_account', '财政专户管理资金'), ('other', '其他资金')], max_length=20, verbose_name='资金来源')),
            ('amount', xuezheng.records.fields.MoneyField(help_text='年中调整预算的，改填调整后的数', validators=[django.core.validators.MinValueValidator(0, '金额不能小于0元。')], verbose_name='预算数（元）')),
        ], constraints=[models.UniqueConstraint(fields=('year', 'function', 'source'), name='one_budget_line_of_a_function')]),
        *create_register('Expenditure', '支出台账', [
            ('month', models.DateField(help_text='填当月首日，如2019-05-01', verbose_name='入账月份')),
            ('function', models.CharField(choices=[('2050101', '行政运行'), ('2050201', '学前教育'), ('2050202', '小学教育'), ('2050203', '初中教育'), ('2050204', '高中教育'), ('2050299', '其他普通教育支出'), ('2050304', '职业高中教育'), ('2050701', '特殊学校教育'), ('2050801', '教师进修'), ('2050999', '其他教育费附加安排的支出'), ('2059999', '其他教育支出')], max_length=7, verbose_name='功能分类')),
            ('source', models.CharField(choices=[('general', '一般公共预算'), ('government_fund', '政府性基金预算'), ('special_account', '财政专户管理资金'), ('other', '其他资金')], max_length=20, verbose_name='资金来源')),
            ('amount', xuezheng.records.fields.MoneyField(verbose_name='支出数（元）')),
        ], constraints=[models.UniqueConstraint(fields=('month', 'function', 'source'), name='one_expenditure_a_month')]),
        *create_register('FinanceCheck', '财务监管', [
            ('kind', models.CharField(choices=[('accounts', '账务管理'), ('public_funds', '公用经费使用'), ('fees', '教育收费'), ('canteen', '食堂财务'), ('assets', '资产管理'), ('disclosure', '财务公开')], max_length=20, verbose_name='检查内容')),
            ('checked_on', models.DateField(verbose_name='检查日期')),
            ('problems', models.PositiveSmallIntegerField(help_text='没有发现问题的填0', verbose_name='问题数')),
            ('finding', models.CharField(blank=True, max_length=200, verbose_name='主要问题')),
            ('due_on', models.DateField(blank=True, null=True, verbose_name='整改时限')),
            ('mended_on', models.DateField(blank=True, null=True, verbose_name='整改完成日期')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'kind', 'checked_on'), name='one_finance_check_of_a_kind_a_day')]),
        *create_register('PublicFunds', '公用经费', [
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中')], max_length=10, verbose_name='学段')),
            ('pupils', models.PositiveIntegerField(verbose_name='核定学生数')),
            ('boarders', models.PositiveIntegerField(default=0, verbose_name='核定寄宿生数')),
            ('amount', xuezheng.records.fields.MoneyField(validators=[django.core.validators.MinValueValidator(0, '金额不能小于0元。')], verbose_name='拨付金额（元）')),
            ('document', models.CharField(blank=True, max_length=60, verbose_name='拨款文号')),
            ('paid_on', models.DateField(blank=True, help_text='未拨付的不填', null=True, verbose_name='拨付日期')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
            ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'stage', 'term'), name='one_public_funds_of_a_stage_a_term')]),
    ]
