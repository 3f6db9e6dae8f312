import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import xuezheng.records.fields
import xuezheng.records.identifiers
import xuezheng.records.models.collections
import xuezheng.records.models.work
from django.conf import settings
from django.db import migrations, models
from xuezheng.records.migration_operations import create_register


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('records', '0002_work'),
        ('records', '0003_batch_undone'),
        ('records', '0004_collections'),
        ('records', '0005_value_explanation'),
        ('records', '0006_disclosure'),
        ('records', '0007_look'),
        ('records', '0008_invitation'),
        ('records', '0009_announcements'),
        ('records', '0010_school_site'),
        ('records', '0011_api_token'),
        ('records', '0012_batch_reason'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('role', models.CharField(choices=[('office', '办公室'), ('section', '科室'), ('leader', '领导'), ('clerk', '学校经办人'), ('administrator', '系统管理员')], default='clerk', max_length=15, verbose_name='角色')),
                ('section', models.CharField(blank=True, help_text='科室人员所管的业务，如 aid', max_length=30, verbose_name='科室业务')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': '用户',
                'verbose_name_plural': '用户',
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=255, verbose_name='文件名')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='导入时间')),
                ('sheets', models.JSONField(default=list, verbose_name='各表行数')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤销人')),
                ('content_sha256', models.CharField(blank=True, db_index=True, max_length=64, verbose_name='内容摘要')),
                ('reason', models.CharField(blank=True, max_length=80, verbose_name='修改原因')),
            ],
            options={
                'verbose_name': '导入批次',
                'verbose_name_plural': '导入批次',
                'ordering': ('-pk',),
            },
        ),
        *create_register('District', '本区信息', [
            ('code', models.CharField(max_length=6, unique=True, validators=[xuezheng.records.identifiers.check_division], verbose_name='区划代码')),
            ('name', models.CharField(max_length=30, verbose_name='区县名称')),
            ('bureau_name', models.CharField(max_length=50, verbose_name='教育局名称')),
        ]),
        *create_register('Person', '人员', [
            ('name', models.CharField(max_length=50, verbose_name='姓名')),
            ('id_type', models.CharField(choices=[('citizen', '居民身份证'), ('hkmt', '港澳台居民证件'), ('passport', '护照'), ('school_number', '无证件（学籍号）')], default='citizen', max_length=20, verbose_name='身份证件类型')),
            ('id_number', xuezheng.records.fields.EncryptedField(max_length=30, verbose_name='身份证件号')),
            ('id_number_hash', xuezheng.records.fields.KeyedHashField(editable=False, max_length=32, of='id_number', unique=True, verbose_name='身份证件号索引')),
            ('sex', models.CharField(choices=[('male', '男'), ('female', '女')], max_length=6, verbose_name='性别')),
            ('birth_date', models.DateField(verbose_name='出生日期')),
            ('household_division', models.CharField(blank=True, max_length=6, validators=[xuezheng.records.identifiers.check_division], verbose_name='户籍区划代码')),
        ]),
        *create_register('School', '学校', [
            ('code', models.CharField(max_length=10, unique=True, validators=[xuezheng.records.identifiers.check_school_code], verbose_name='学校标识码')),
            ('name', models.CharField(max_length=60, unique=True, verbose_name='学校名称')),
            ('kind', models.CharField(choices=[('111', '幼儿园'), ('211', '小学'), ('218', '小学教学点'), ('311', '初级中学'), ('312', '九年一贯制学校'), ('341', '完全中学'), ('342', '高级中学'), ('345', '十二年一贯制学校'), ('365', '职业高中'), ('514', '特殊教育学校')], max_length=3, verbose_name='办学类型')),
            ('urban_rural', models.CharField(choices=[('111', '主城区'), ('112', '城乡结合区'), ('121', '镇中心区'), ('122', '镇乡结合区'), ('123', '特殊区域'), ('210', '乡中心区'), ('220', '村庄')], max_length=3, verbose_name='城乡类型')),
            ('runner', models.CharField(choices=[('831', '县级教育部门'), ('832', '县级其他部门'), ('821', '地级教育部门'), ('811', '省级教育部门'), ('891', '地方企业'), ('894', '集体'), ('999', '民办')], max_length=3, verbose_name='举办者')),
            ('senior_grade', models.CharField(blank=True, choices=[('province_model', '省示范高中'), ('city_model', '市示范高中'), ('ordinary', '一般高中')], max_length=20, verbose_name='高中等级')),
            ('credit_code', models.CharField(blank=True, max_length=18, validators=[xuezheng.records.identifiers.check_credit_code], verbose_name='统一社会信用代码')),
        ], ordering=('code',)),
        migrations.AddField('user', 'school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clerks', to='records.school', verbose_name='学校')),
        migrations.AddField('user', 'sessions_since', models.DateTimeField(blank=True, null=True, verbose_name='会话起算时间')),
        migrations.AddField('user', 'toured_at', models.DateTimeField(editable=False, null=True, verbose_name='看过导览')),
        *create_register('ClassGroup', '班级', [
            ('name', models.CharField(help_text='如：三年级2班', max_length=30, verbose_name='班级名称')),
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中')], max_length=10, verbose_name='学段')),
            ('grade', models.PositiveSmallIntegerField(help_text='本学段的第几年级，如初二填2', verbose_name='年级')),
            ('attached', models.BooleanField(default=False, help_text='如小学附设的幼儿班', verbose_name='附设班')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], ordering=('school', 'stage', 'grade', 'name'), constraints=[models.UniqueConstraint(fields=('school', 'name'), name='one_class_of_a_name')]),
        *create_register('Pupil', '学生', [
            ('student_number', xuezheng.records.fields.EncryptedField(blank=True, help_text='幼儿可不填', max_length=19, validators=[xuezheng.records.identifiers.check_student_number], verbose_name='学籍号')),
            ('student_number_hash', xuezheng.records.fields.KeyedHashField(editable=False, max_length=32, null=True, of='student_number', unique=True, verbose_name='学籍号索引')),
            ('boarding', models.CharField(choices=[('day', '走读'), ('boarder', '住校'), ('lodger', '借宿'), ('other', '其他')], max_length=10, verbose_name='就读方式')),
            ('entered_on', models.DateField(verbose_name='入学日期')),
            ('left_on', models.DateField(blank=True, null=True, verbose_name='离校日期')),
            ('class_group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.classgroup', verbose_name='班级')),
            ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='人员')),
        ]),
        *create_register('StaffMember', '教职工', [
            ('post', models.CharField(choices=[('head', '校（园）长'), ('vice_head', '副校（园）长'), ('teacher', '专任教师'), ('clerk', '行政教辅人员'), ('worker', '工勤人员')], max_length=10, verbose_name='岗位')),
            ('post_from', models.DateField(verbose_name='任职日期')),
            ('post_until', models.DateField(blank=True, null=True, verbose_name='离任日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='人员')),
            ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'post_from'), name='one_post_of_a_person_from_a_day')]),
        *create_register('Term', '学期', [
            ('code', models.CharField(help_text='四位年份加春或秋，如2019春', max_length=5, unique=True, validators=[django.core.validators.RegexValidator('^[0-9]{4}[春秋]$', '学期应写作四位年份加“春”或“秋”，如“2019春”。')], verbose_name='学期')),
            ('starts_on', models.DateField(verbose_name='开学日期')),
            ('ends_on', models.DateField(verbose_name='放假日期')),
        ], ordering=('starts_on',)),
        *create_register('PersonCategory', '困难类别', [
            ('category', models.CharField(choices=[('registered_poor', '建档立卡'), ('rural_allowance', '农村低保'), ('rural_support', '农村特困供养'), ('disabled', '家庭经济困难残疾学生'), ('urban_allowance', '城市低保'), ('orphan', '孤儿'), ('martyr_family', '烈士或优抚子女'), ('other', '其他家庭经济困难')], max_length=20, verbose_name='困难类别')),
            ('starts_on', models.DateField(verbose_name='认定日期')),
            ('ends_on', models.DateField(blank=True, null=True, verbose_name='退出日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='人员')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'category', 'starts_on'), name='one_category_from_a_day')]),
        *create_register('Training', '培训', [
            ('section', models.CharField(choices=xuezheng.records.models.work.section_choices, max_length=20, verbose_name='业务')),
            ('title', models.CharField(max_length=60, verbose_name='培训名称')),
            ('held_on', models.DateField(verbose_name='开始日期')),
            ('ended_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
            ('topic', models.CharField(help_text='如：心理健康、生本教育', max_length=30, verbose_name='培训主题')),
            ('level', models.CharField(choices=[('national', '国家级'), ('province', '省级'), ('city', '市级'), ('district', '区级'), ('school', '校级')], max_length=10, verbose_name='级别')),
            ('hours', models.PositiveSmallIntegerField(default=0, verbose_name='学时')),
            ('organiser', models.CharField(blank=True, max_length=60, verbose_name='主办单位')),
            ('document', models.CharField(blank=True, max_length=60, verbose_name='文号')),
        ], constraints=[models.UniqueConstraint(fields=('section', 'title', 'held_on'), name='one_training_of_a_title_from_a_day')]),
        *create_register('Attendance', '参训人员', [
            ('passed', models.BooleanField(default=True, verbose_name='考核合格')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='参训人员')),
            ('school', models.ForeignKey(blank=True, help_text='局机关人员不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
            ('training', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.training', verbose_name='培训')),
        ], constraints=[models.UniqueConstraint(fields=('training', 'person'), name='one_attendance_of_a_person')]),
        *create_register('WorkEntry', '工作纪实', [
            ('section', models.CharField(choices=xuezheng.records.models.work.section_choices, max_length=20, verbose_name='业务')),
            ('topic', models.CharField(help_text='报告中的栏目，如：党风廉政', max_length=20, verbose_name='栏目')),
            ('day', models.DateField(verbose_name='日期')),
            ('title', models.CharField(max_length=60, verbose_name='标题')),
            ('document', models.CharField(blank=True, max_length=60, verbose_name='文号')),
            ('text', models.CharField(help_text='完整的句子，以句号结尾；不写学生姓名', max_length=500, verbose_name='正文')),
            ('evidence', models.CharField(blank=True, help_text='材料名称或存放位置，如：会议纪要3号', max_length=200, verbose_name='佐证材料')),
            ('picked', models.BooleanField(default=False, verbose_name='写入报告')),
            ('order', models.PositiveSmallIntegerField(default=50, help_text='小的在前', verbose_name='报告中的次序')),
        ], ordering=('section', 'topic', 'order', 'day'), constraints=[models.UniqueConstraint(fields=('section', 'day', 'title'), name='one_entry_of_a_title_a_day')]),
        *create_register('Prize', '获奖', [
            ('section', models.CharField(choices=xuezheng.records.models.work.section_choices, max_length=20, verbose_name='业务')),
            ('contest', models.CharField(max_length=60, verbose_name='赛事（评选）名称')),
            ('work', models.CharField(blank=True, max_length=60, verbose_name='作品（项目）')),
            ('winner', models.CharField(choices=[('pupil', '学生'), ('staff', '教职工')], max_length=10, verbose_name='获奖人身份')),
            ('subject', models.CharField(blank=True, choices=[('chinese', '语文'), ('mathematics', '数学'), ('english', '英语'), ('morality', '道德与法治（政治）'), ('history', '历史'), ('geography', '地理'), ('physics', '物理'), ('chemistry', '化学'), ('biology', '生物'), ('science', '科学'), ('pe', '体育与健康'), ('music', '音乐'), ('art', '美术'), ('information', '信息技术'), ('labour', '劳动与综合实践'), ('psychology', '心理健康'), ('preschool', '学前教育')], max_length=20, verbose_name='学科')),
            ('level', models.CharField(choices=[('national', '国家级'), ('province', '省级'), ('city', '市级'), ('district', '区级'), ('school', '校级')], max_length=10, verbose_name='级别')),
            ('rank', models.CharField(choices=[('special', '特等奖'), ('first', '一等奖'), ('second', '二等奖'), ('third', '三等奖'), ('merit', '优秀奖')], max_length=10, verbose_name='奖次')),
            ('awarded_on', models.DateField(verbose_name='获奖日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='获奖人')),
            ('school', models.ForeignKey(blank=True, help_text='局机关人员不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'contest', 'awarded_on'), name='one_prize_of_a_person_in_a_contest')]),
        *create_register('Collection', '填报任务', [
            ('title', models.CharField(max_length=60, verbose_name='任务名称')),
            ('period', models.CharField(help_text='如2019H1、2019秋', max_length=20, validators=[xuezheng.records.models.collections._check_period], verbose_name='统计期')),
            ('section', models.CharField(choices=xuezheng.records.models.work.section_choices, max_length=20, verbose_name='业务')),
            ('sheets', models.CharField(help_text='用顿号隔开', max_length=1000, verbose_name='填报的表')),
            ('due_on', models.DateField(verbose_name='截止日期')),
            ('closed_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
        ], ordering=('closed_on', 'due_on', 'pk'), constraints=[models.UniqueConstraint(fields=('period', 'title'), name='one_collection')]),
        *create_register('Submission', '学校填报', [
            ('begun_on', models.DateField(blank=True, null=True, verbose_name='开始填报日期')),
            ('problems', models.PositiveIntegerField(blank=True, null=True, verbose_name='上次提交的问题数')),
            ('reported_on', models.DateField(blank=True, null=True, verbose_name='上报日期')),
            ('collection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='records.collection', verbose_name='填报任务')),
            ('handed_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='records.batch', verbose_name='上报批次')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='records.school', verbose_name='学校')),
        ], ordering=('collection', 'school'), constraints=[models.UniqueConstraint(fields=('collection', 'school'), name='one_submission_per_school')]),
        migrations.CreateModel(
            name='ValueExplanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(max_length=31, verbose_name='表')),
                ('register', models.CharField(max_length=60, verbose_name='台账')),
                ('record', models.BigIntegerField(verbose_name='行编号')),
                ('thing', models.CharField(max_length=200, verbose_name='同一事项')),
                ('period', models.CharField(blank=True, max_length=20, verbose_name='时期')),
                ('path', models.CharField(max_length=60, verbose_name='栏目代码')),
                ('subject', models.CharField(max_length=200, verbose_name='事项')),
                ('title', models.CharField(max_length=60, verbose_name='栏目')),
                ('check_name', models.CharField(max_length=20, verbose_name='校验')),
                ('value', models.CharField(max_length=40, verbose_name='填报数')),
                ('expected', models.CharField(max_length=300, verbose_name='参照')),
                ('text', models.CharField(max_length=300, verbose_name='说明')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='说明时间')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='records.batch', verbose_name='导入批次')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='说明人')),
            ],
            options={
                'verbose_name': '数据说明',
                'verbose_name_plural': '数据说明',
                'ordering': ('pk',),
                'indexes': [models.Index(fields=['register', 'thing', 'path'], name='explanations_of_a_thing')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='编号')),
                ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
                ('kind', models.CharField(choices=[('page', '看页面'), ('file', '下载文件'), ('program', '程序读取'), ('whole', '导出含完整号码'), ('bank_file', '银行代发文件'), ('ledger', '发放台账'), ('school_workbook', '学校填报工作簿')], max_length=20, verbose_name='方式')),
                ('what', models.CharField(max_length=120, verbose_name='页面或文件')),
                ('purpose', models.CharField(max_length=120, verbose_name='用途')),
                ('people', models.PositiveIntegerField(verbose_name='人数')),
                ('machine', models.CharField(max_length=45, verbose_name='机器地址')),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁')),
            ],
            options={
                'verbose_name': '查阅记录',
                'verbose_name_plural': '查阅记录',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.BigIntegerField(verbose_name='人员')),
                ('look', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seen', to='records.look')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-look'], name='looks_at_a_person')],
                'constraints': [models.UniqueConstraint(fields=('look', 'person'), name='a_person_once_in_a_look')],
            },
        ),
        migrations.CreateModel(
            name='AccountChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('what', models.CharField(max_length=200, verbose_name='变动')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='如：秋季学期学生名册填报说明', max_length=60, verbose_name='标题')),
                ('text', models.CharField(help_text='不写学生姓名和证件号', max_length=1000, verbose_name='内容')),
                ('to', models.CharField(choices=[('all', '局机关和学校'), ('bureau', '局机关'), ('schools', '学校')], default='all', max_length=10, verbose_name='发给')),
                ('until', models.DateField(help_text='过了这一天不再显示，如2019-09-30', verbose_name='显示到')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='发布时间')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='撤回时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发布人')),
                ('read_by', models.ManyToManyField(editable=False, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='已读')),
            ],
            options={
                'verbose_name': '通知',
                'verbose_name_plural': '通知',
                'ordering': ('-pk',),
            },
        ),
        *create_register('SchoolSite', '学校位置', [
            ('longitude', models.DecimalField(decimal_places=6, help_text='以度为单位的小数，如118.336700；各校用同一种坐标', max_digits=9, validators=[django.core.validators.MinValueValidator(73, '经度应在73至136之间，以度为单位。请核对是否把经度和纬度填反，或写成了度分秒。'), django.core.validators.MaxValueValidator(136, '经度应在73至136之间，以度为单位。请核对是否把经度和纬度填反，或写成了度分秒。')], verbose_name='经度')),
            ('latitude', models.DecimalField(decimal_places=6, help_text='以度为单位的小数，如29.828500', max_digits=9, validators=[django.core.validators.MinValueValidator(3, '纬度应在3至54之间，以度为单位。请核对是否把经度和纬度填反，或写成了度分秒。'), django.core.validators.MaxValueValidator(54, '纬度应在3至54之间，以度为单位。请核对是否把经度和纬度填反，或写成了度分秒。')], verbose_name='纬度')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='records.school', verbose_name='学校')),
        ], ordering=('school__code',), constraints=[models.UniqueConstraint(fields=('school',), name='one_site_of_a_school')]),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=60, verbose_name='用在哪里')),
                ('scopes', models.JSONField(default=list, verbose_name='能读什么')),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                ('expires_on', models.DateField(verbose_name='有效到')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='作废时间')),
                ('last_used_on', models.DateField(null=True, verbose_name='最近使用')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
    ]
