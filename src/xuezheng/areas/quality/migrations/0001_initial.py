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
        *create_register('Studio', '名师工作室', [
            ('name', models.CharField(max_length=60, unique=True, verbose_name='工作室名称')),
            ('level', models.CharField(choices=[('national', '国家级'), ('province', '省级'), ('city', '市级'), ('district', '区级'), ('school', '校级')], max_length=10, verbose_name='级别')),
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中'), ('university', '高校')], max_length=10, verbose_name='学段')),
            ('subject', models.CharField(choices=[('chinese', '语文'), ('mathematics', '数学'), ('english', '英语'), ('morality', '道德与法治（政治）'), ('history', '历史'), ('geography', '地理'), ('physics', '物理'), ('chemistry', '化学'), ('biology', '生物'), ('science', '科学'), ('pe', '体育与健康'), ('music', '音乐'), ('art', '美术'), ('information', '信息技术'), ('labour', '劳动与综合实践'), ('psychology', '心理健康'), ('preschool', '学前教育')], max_length=20, verbose_name='学科')),
            ('founded_on', models.DateField(verbose_name='成立日期')),
            ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='主持人')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='挂牌学校')),
        ]),
        *create_register('TeachingAssignment', '任课安排', [
            ('school_year', models.CharField(help_text='如2018-2019', max_length=9, validators=[django.core.validators.RegexValidator('^([0-9]{4})-([0-9]{4})$', '学年应写作“2018-2019”。')], verbose_name='学年')),
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中'), ('university', '高校')], max_length=10, verbose_name='学段')),
            ('grade', models.PositiveSmallIntegerField(help_text='本学段的第几年级，如初二填2', verbose_name='年级')),
            ('class_name', models.CharField(help_text='如：八年级2班', max_length=30, verbose_name='班级名称')),
            ('subject', models.CharField(choices=[('chinese', '语文'), ('mathematics', '数学'), ('english', '英语'), ('morality', '道德与法治（政治）'), ('history', '历史'), ('geography', '地理'), ('physics', '物理'), ('chemistry', '化学'), ('biology', '生物'), ('science', '科学'), ('pe', '体育与健康'), ('music', '音乐'), ('art', '美术'), ('information', '信息技术'), ('labour', '劳动与综合实践'), ('psychology', '心理健康'), ('preschool', '学前教育')], max_length=20, verbose_name='学科')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='任课教师')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'class_name', 'subject', 'school_year'), name='one_teacher_of_a_class_in_a_subject')]),
        *create_register('Mentoring', '教学帮扶', [
            ('since', models.DateField(verbose_name='结对日期')),
            ('until', models.DateField(blank=True, null=True, verbose_name='结束日期')),
            ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='帮扶教师')),
            ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='quality.teachingassignment', verbose_name='依据的任课安排')),
        ], constraints=[models.UniqueConstraint(fields=('assignment', 'since'), name='one_mentor_for_an_assignment_from_a_day')]),
        *create_register('ExamResult', '考试成绩', [
            ('school_year', models.CharField(blank=True, editable=False, max_length=9, verbose_name='学年')),
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中'), ('university', '高校')], max_length=10, verbose_name='学段')),
            ('grade', models.PositiveSmallIntegerField(help_text='本学段的第几年级，如初二填2', verbose_name='年级')),
            ('class_name', models.CharField(help_text='考试时的班级，如：八年级2班', max_length=30, verbose_name='班级名称')),
            ('subject', models.CharField(choices=[('chinese', '语文'), ('mathematics', '数学'), ('english', '英语'), ('morality', '道德与法治（政治）'), ('history', '历史'), ('geography', '地理'), ('physics', '物理'), ('chemistry', '化学'), ('biology', '生物'), ('science', '科学'), ('pe', '体育与健康'), ('music', '音乐'), ('art', '美术'), ('information', '信息技术'), ('labour', '劳动与综合实践'), ('psychology', '心理健康'), ('preschool', '学前教育')], max_length=20, verbose_name='学科')),
            ('score', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(0, '分数不能小于0。'), django.core.validators.MaxValueValidator(150, '分数不能大于150。')], verbose_name='分数')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='学生')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='考试时所在学校')),
            ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
        ], indexes=[models.Index(fields=['school_year', 'subject', 'grade'], name='results_of_a_year')], constraints=[models.UniqueConstraint(fields=('person', 'subject', 'term'), name='one_result_of_a_pupil_a_term')]),
        *create_register('StudioAssessment', '工作室考核', [
            ('year', models.PositiveSmallIntegerField(verbose_name='考核年度')),
            ('score', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100, '考核得分不能大于100。')], verbose_name='考核得分')),
            ('studio', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='quality.studio', verbose_name='名师工作室')),
        ], constraints=[models.UniqueConstraint(fields=('studio', 'year'), name='one_assessment_a_year')]),
        *create_register('StudioMember', '工作室成员', [
            ('joined_on', models.DateField(verbose_name='加入日期')),
            ('left_on', models.DateField(blank=True, null=True, verbose_name='退出日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='成员')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
            ('studio', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='quality.studio', verbose_name='名师工作室')),
        ], constraints=[models.UniqueConstraint(fields=('studio', 'person'), name='once_a_member')]),
        *create_register('StudioTask', '工作室任务', [
            ('title', models.CharField(max_length=60, verbose_name='任务名称')),
            ('kind', models.CharField(choices=[('research', '课题研究'), ('lesson', '示范课'), ('outreach', '送教下乡'), ('lecture', '专题讲座')], max_length=10, verbose_name='任务类别')),
            ('due_on', models.DateField(verbose_name='完成时限')),
            ('done_on', models.DateField(blank=True, help_text='未完成的不填', null=True, verbose_name='完成日期')),
            ('studio', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='quality.studio', verbose_name='名师工作室')),
        ], constraints=[models.UniqueConstraint(fields=('studio', 'title'), name='one_task_of_a_title_in_a_studio')]),
    ]
