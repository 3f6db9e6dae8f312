import django.core.validators
import django.db.models.deletion
import xuezheng.areas.health.models
from django.db import migrations, models
from xuezheng.records.migration_operations import create_register


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        *create_register('CounsellingCase', '个案咨询', [
            ('number', models.CharField(help_text='由咨询师编定，不含姓名', max_length=20, unique=True, verbose_name='个案编号')),
            ('day', models.DateField(verbose_name='咨询日期')),
            ('grade', models.PositiveSmallIntegerField(help_text='自小学一年级起算，如高一填10', validators=[django.core.validators.MinValueValidator(1, '年级应为1至12。'), django.core.validators.MaxValueValidator(12, '年级应为1至12。')], verbose_name='年级（1至12）')),
            ('theme', models.CharField(choices=[('study', '学业压力'), ('peers', '同伴交往'), ('family', '亲子关系'), ('mood', '情绪调适'), ('self', '自我认识'), ('adolescence', '青春期')], max_length=20, verbose_name='主题')),
            ('status', models.CharField(choices=[('open', '跟进中'), ('closed', '已结案'), ('referred', '已转介')], max_length=10, verbose_name='进展')),
        ]),
        *create_register('FitnessTest', '体质健康测试', [
            ('school_year', models.CharField(help_text='如2018-2019', max_length=9, validators=[django.core.validators.RegexValidator('^[0-9]{4}-[0-9]{4}$', '学年应写作“2018-2019”。')], verbose_name='学年')),
            ('tested_on', models.DateField(verbose_name='测试日期')),
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中')], max_length=10, verbose_name='学段')),
            ('grade', models.PositiveSmallIntegerField(help_text='本学段的第几年级，如初二填2', verbose_name='年级')),
            ('score', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(0, '总分不小于0。'), django.core.validators.MaxValueValidator(120, '总分含附加分不超过120。')], verbose_name='总分')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='学生')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'school_year'), name='one_fitness_test_a_school_year')]),
        *create_register('MealDay', '营养改善供餐', [
            ('day', models.DateField(verbose_name='供餐日期')),
            ('pupils', models.PositiveSmallIntegerField(verbose_name='就餐学生数')),
            ('meals', models.PositiveSmallIntegerField(help_text='住校生加餐的另计一份', verbose_name='供餐份数')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'day'), name='meals_of_a_school_once_a_day')]),
        *create_register('NutritionPupil', '营养改善享受学生', [
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='学生')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
            ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'term'), name='fed_once_a_term')]),
        *create_register('VisionScreening', '视力筛查', [
            ('screened_on', models.DateField(verbose_name='检查日期')),
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中')], max_length=10, verbose_name='学段')),
            ('grade', models.PositiveSmallIntegerField(help_text='本学段的第几年级，如初二填2', verbose_name='年级')),
            ('age', models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='检查时周岁')),
            ('glasses', models.CharField(choices=[('none', '不戴镜'), ('frame', '框架眼镜'), ('contact', '隐形眼镜'), ('ok_lens', '夜戴角膜塑形镜')], max_length=10, verbose_name='戴镜类型')),
            ('vision_right', models.DecimalField(blank=True, decimal_places=1, max_digits=2, null=True, validators=[xuezheng.areas.health.models.check_vision], verbose_name='右眼裸眼视力')),
            ('vision_left', models.DecimalField(blank=True, decimal_places=1, max_digits=2, null=True, validators=[xuezheng.areas.health.models.check_vision], verbose_name='左眼裸眼视力')),
            ('sphere_right', models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(-30, '右眼球镜不小于-30。'), django.core.validators.MaxValueValidator(30, '右眼球镜不大于30。')], verbose_name='右眼球镜')),
            ('cylinder_right', models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(-15, '右眼柱镜不小于-15。'), django.core.validators.MaxValueValidator(15, '右眼柱镜不大于15。')], verbose_name='右眼柱镜')),
            ('sphere_left', models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(-30, '左眼球镜不小于-30。'), django.core.validators.MaxValueValidator(30, '左眼球镜不大于30。')], verbose_name='左眼球镜')),
            ('cylinder_left', models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(-15, '左眼柱镜不小于-15。'), django.core.validators.MaxValueValidator(15, '左眼柱镜不大于15。')], verbose_name='左眼柱镜')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='学生')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'screened_on'), name='one_screening_of_a_pupil_a_day')]),
        *create_register('WritingContestant', '规范书写比赛参赛学生', [
            ('held_on', models.DateField(verbose_name='比赛日期')),
            ('contest', models.CharField(max_length=60, verbose_name='比赛名称')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='参赛学生')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'held_on'), name='one_handwriting_contest_a_day')]),
    ]
