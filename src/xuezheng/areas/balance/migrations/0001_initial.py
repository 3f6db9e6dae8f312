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
        *create_register('Facilities', '学校办学条件', [
            ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000, '年度应写作四位年份。'), django.core.validators.MaxValueValidator(2100, '年度应写作四位年份。')], verbose_name='年度')),
            ('teaching_area', models.DecimalField(decimal_places=2, help_text='含室内体育用房', max_digits=10, validators=[django.core.validators.MinValueValidator(0, '面积不能小于0。')], verbose_name='教学及辅助用房面积（平方米）')),
            ('indoor_sports_area', models.DecimalField(decimal_places=2, max_digits=10, validators=[django.core.validators.MinValueValidator(0, '面积不能小于0。')], verbose_name='室内体育用房面积（平方米）')),
            ('sports_area', models.DecimalField(decimal_places=2, max_digits=10, validators=[django.core.validators.MinValueValidator(0, '面积不能小于0。')], verbose_name='体育运动场地面积（平方米）')),
            ('equipment', xuezheng.records.fields.MoneyField(validators=[django.core.validators.MinValueValidator(0, '设备值不能小于0元。')], verbose_name='教学仪器设备值（元）')),
            ('media_rooms', models.PositiveSmallIntegerField(verbose_name='网络多媒体教室（间）')),
            ('music_rooms', models.PositiveSmallIntegerField(help_text='只计面积达标的', verbose_name='音乐专用教室（间）')),
            ('art_rooms', models.PositiveSmallIntegerField(help_text='只计面积达标的', verbose_name='美术专用教室（间）')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'year'), name='one_form_of_a_school_a_year')]),
        *create_register('StageCondition', '分学段办学条件', [
            ('stage', models.CharField(choices=[('primary', '小学'), ('junior', '初中'), ('senior', '高中')], max_length=10, verbose_name='学段')),
            ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000, '年度应写作四位年份。'), django.core.validators.MaxValueValidator(2100, '年度应写作四位年份。')], verbose_name='年度')),
            ('pupils', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, '在校生数须大于0。')], verbose_name='在校生数')),
            ('grades', models.PositiveSmallIntegerField(verbose_name='年级数')),
            ('classes', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, '班级数须大于0。')], verbose_name='班级数')),
            ('largest_class', models.PositiveSmallIntegerField(verbose_name='最大班额（人）')),
            ('teachers', models.PositiveSmallIntegerField(verbose_name='专任教师数')),
            ('associate', models.PositiveSmallIntegerField(verbose_name='专任教师：专科')),
            ('bachelor', models.PositiveSmallIntegerField(verbose_name='专任教师：本科')),
            ('master', models.PositiveSmallIntegerField(verbose_name='专任教师：硕士')),
            ('doctor', models.PositiveSmallIntegerField(default=0, verbose_name='专任教师：博士')),
            ('backbone', models.PositiveSmallIntegerField(verbose_name='县级以上骨干教师数')),
            ('pe_teachers', models.PositiveSmallIntegerField(verbose_name='体育专任教师数')),
            ('music_teachers', models.PositiveSmallIntegerField(verbose_name='音乐专任教师数')),
            ('art_teachers', models.PositiveSmallIntegerField(help_text='含艺术教师', verbose_name='美术专任教师数')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'stage', 'year'), name='one_form_of_a_school_and_stage_a_year')]),
    ]
