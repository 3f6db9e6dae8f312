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
        *create_register('Edition', '赛事活动', [
            ('event', models.CharField(choices=[('football_league', '校园足球两级联赛'), ('basketball', '中小学生篮球赛'), ('rope_skipping', '中小学生跳绳比赛'), ('sports_meet', '中小学生田径运动会'), ('reading_campaign', '爱国主义读书教育活动'), ('arts_festival', '中小学生艺术展演'), ('science_fair', '青少年科技创新大赛'), ('story_fair', '幼儿故事会')], max_length=20, verbose_name='赛事活动')),
            ('number', models.PositiveSmallIntegerField(help_text='第几届', validators=[django.core.validators.MinValueValidator(1, '应不少于1。')], verbose_name='届次')),
            ('held_on', models.DateField(verbose_name='开始日期')),
            ('ended_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
            ('level', models.CharField(choices=[('national', '国家级'), ('province', '省级'), ('city', '市级'), ('district', '区级'), ('school', '校级')], max_length=10, verbose_name='级别')),
        ], constraints=[models.UniqueConstraint(fields=('event', 'number'), name='one_edition_of_a_number')]),
        *create_register('Entry', '参赛队伍', [
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中')], max_length=10, verbose_name='组别')),
            ('pupils', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, '应不少于1。')], verbose_name='参赛学生数')),
            ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='activities.edition', verbose_name='赛事')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('edition', 'school', 'stage'), name='one_team_of_a_stage')]),
        *create_register('FarmPlot', '劳动实践基地', [
            ('name', models.CharField(max_length=40, verbose_name='基地名称')),
            ('area', models.DecimalField(decimal_places=2, max_digits=6, validators=[django.core.validators.MinValueValidator(0, '面积不能小于0亩。')], verbose_name='面积（亩）')),
            ('crops', models.CharField(help_text='如：蔬菜、茶叶', max_length=60, verbose_name='种养内容')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'name'), name='one_plot_of_a_name')]),
        *create_register('LabourCourse', '劳动课程', [
            ('course', models.CharField(max_length=40, verbose_name='课程名称')),
            ('kind', models.CharField(choices=[('farming', '农耕种植'), ('gardening', '园艺'), ('bamboo', '竹编'), ('tea', '茶艺'), ('cooking', '烹饪与家务'), ('craft', '其他手工')], max_length=20, verbose_name='课程类别')),
            ('hours', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, '应不少于1。')], verbose_name='课时')),
            ('pupils', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, '应不少于1。')], verbose_name='学生数')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
            ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'term', 'course'), name='one_labour_course_a_term')]),
        *create_register('StudyTour', '研学旅行', [
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中')], max_length=10, verbose_name='学段')),
            ('day', models.DateField(verbose_name='出发日期')),
            ('ended_on', models.DateField(blank=True, null=True, verbose_name='返回日期')),
            ('theme', models.CharField(choices=[('local', '乡土乡情'), ('county_city', '县情市情'), ('province_country', '省情国情')], max_length=20, verbose_name='主题')),
            ('destination', models.CharField(max_length=60, verbose_name='目的地')),
            ('pupils', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, '应不少于1。')], verbose_name='学生数')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'stage', 'day'), name='one_tour_of_a_stage_a_day')]),
        *create_register('Visit', '交流互访', [
            ('title', models.CharField(max_length=60, verbose_name='交流活动')),
            ('day', models.DateField(verbose_name='开始日期')),
            ('ended_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
            ('direction', models.CharField(choices=[('out', '外出'), ('in', '来访')], max_length=10, verbose_name='方向')),
            ('destination', models.CharField(choices=[('hangzhou', '杭州'), ('mountain_school', '山区特色学校'), ('city', '本市其他区县'), ('province', '本省其他地市'), ('outside', '其他省份')], max_length=20, verbose_name='交流地')),
            ('partner', models.CharField(max_length=60, verbose_name='对方单位')),
            ('guests', models.PositiveSmallIntegerField(blank=True, help_text='外出的不填', null=True, verbose_name='来访人数')),
        ], constraints=[models.UniqueConstraint(fields=('title', 'day'), name='one_visit_of_a_title_a_day')]),
        *create_register('Visitor', '交流人员', [
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='交流人员')),
            ('school', models.ForeignKey(blank=True, help_text='局机关人员不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
            ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='activities.visit', verbose_name='交流互访')),
        ], constraints=[models.UniqueConstraint(fields=('visit', 'person'), name='one_visitor_of_a_visit')]),
    ]
