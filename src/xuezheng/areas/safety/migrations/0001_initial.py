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
        *create_register('BullyingReport', '欺凌报告', [
            ('number', models.CharField(help_text='如QL2019-001', max_length=20, unique=True, verbose_name='报告编号')),
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中')], max_length=10, verbose_name='学段')),
            ('reported_on', models.DateField(verbose_name='报告日期')),
            ('source', models.CharField(choices=[('pupil', '学生'), ('parent', '家长'), ('teacher', '教师'), ('hotline', '热线举报')], max_length=10, verbose_name='报告来源')),
            ('form', models.CharField(choices=[('physical', '肢体'), ('verbal', '言语'), ('social', '社交排斥'), ('property', '索要财物'), ('online', '网络')], max_length=10, verbose_name='欺凌形式')),
            ('outcome', models.CharField(blank=True, choices=[('bullying', '属于欺凌'), ('quarrel', '属于一般矛盾'), ('unfounded', '不属实')], max_length=10, verbose_name='认定结论')),
            ('concluded_on', models.DateField(blank=True, help_text='调查中的不填', null=True, verbose_name='认定日期')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ]),
        *create_register('Accident', '学生安全事故', [
            ('kind', models.CharField(choices=[('drowning', '溺水'), ('traffic', '交通'), ('sports', '运动伤害'), ('fall', '跌落踩踏'), ('food', '食物中毒'), ('other', '其他')], max_length=20, verbose_name='事故类别')),
            ('day', models.DateField(verbose_name='发生日期')),
            ('on_campus', models.BooleanField(verbose_name='发生在校内')),
            ('injured', models.PositiveIntegerField(verbose_name='受伤人数')),
            ('dead', models.PositiveIntegerField(default=0, verbose_name='死亡人数')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'kind', 'day'), name='one_accident_of_a_kind_a_day')]),
        *create_register('Drill', '应急演练', [
            ('kind', models.CharField(choices=[('fire', '消防疏散'), ('earthquake', '防震减灾'), ('violence', '防暴恐'), ('stampede', '防踩踏'), ('bus', '校车逃生')], max_length=20, verbose_name='演练类别')),
            ('held_on', models.DateField(verbose_name='演练日期')),
            ('participants', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1, '人数须大于0。')], verbose_name='参加人数')),
            ('seconds', models.PositiveIntegerField(blank=True, help_text='不须疏散的演练不填', null=True, verbose_name='疏散用时（秒）')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'kind', 'held_on'), name='one_drill_of_a_kind_a_day')]),
        *create_register('DrowningMeasure', '防溺水工作', [
            ('kind', models.CharField(choices=[('education', '专题教育'), ('letter', '致家长信'), ('visit', '家访'), ('pledge', '签订承诺书'), ('patrol', '水域巡查')], max_length=20, verbose_name='工作类别')),
            ('day', models.DateField(verbose_name='日期')),
            ('reached', models.PositiveIntegerField(blank=True, help_text='水域巡查不填', null=True, verbose_name='覆盖学生数')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'kind', 'day'), name='one_drowning_measure_a_day')]),
        *create_register('Hazard', '安全隐患', [
            ('found_on', models.DateField(verbose_name='排查日期')),
            ('kind', models.CharField(choices=[('fire', '消防设施'), ('building', '校舍围墙'), ('electricity', '用电用气'), ('traffic', '交通校车'), ('surroundings', '校园周边'), ('equipment', '设施器材')], max_length=20, verbose_name='隐患类别')),
            ('level', models.CharField(choices=[('common', '一般隐患'), ('serious', '重大隐患')], max_length=10, verbose_name='隐患等级')),
            ('place', models.CharField(max_length=100, verbose_name='部位及情况')),
            ('owner', models.CharField(max_length=30, verbose_name='责任人')),
            ('due_on', models.DateField(verbose_name='整改时限')),
            ('closed_on', models.DateField(blank=True, null=True, verbose_name='销号日期')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'found_on', 'place'), name='one_hazard_of_a_place_a_day')]),
        *create_register('HealthCheck', '食品与防病检查', [
            ('kind', models.CharField(choices=[('canteen', '食堂'), ('shop', '校园超市'), ('water', '饮用水'), ('disease', '传染病防控')], max_length=20, verbose_name='检查内容')),
            ('checked_on', models.DateField(verbose_name='检查日期')),
            ('problem', models.CharField(blank=True, help_text='没有问题的不填', max_length=100, verbose_name='存在问题')),
            ('due_on', models.DateField(blank=True, null=True, verbose_name='整改时限')),
            ('mended_on', models.DateField(blank=True, null=True, verbose_name='整改完成日期')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'kind', 'checked_on'), name='one_health_check_of_a_kind_a_day')]),
        *create_register('Outbreak', '传染病报告', [
            ('disease', models.CharField(choices=[('flu', '流行性感冒'), ('chickenpox', '水痘'), ('hand_foot_mouth', '手足口病'), ('norovirus', '诺如病毒感染'), ('mumps', '流行性腮腺炎'), ('other', '其他')], max_length=20, verbose_name='病种')),
            ('reported_on', models.DateField(verbose_name='报告日期')),
            ('cases', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1, '人数须大于0。')], verbose_name='病例数')),
            ('ended_on', models.DateField(blank=True, null=True, verbose_name='处置结束日期')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'disease', 'reported_on'), name='one_outbreak_of_a_disease_a_day')]),
    ]
