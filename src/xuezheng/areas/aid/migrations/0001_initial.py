import django.core.validators
import django.db.models.deletion
import xuezheng.records.fields
import xuezheng.records.identifiers
from django.conf import settings
from django.db import migrations, models
from xuezheng.records.migration_operations import create_register


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('aid', '0002_initial'),
        ('aid', '0003_entitlement'),
        ('aid', '0004_payment'),
        ('aid', '0005_recognition'),
    ]

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        *create_register('Allocation', '资金分配', [
            ('programme', models.CharField(choices=[('tuition_waiver', '义务教育免学杂费'), ('textbooks', '免费教科书')], max_length=20, verbose_name='资金项目')),
            ('amount', xuezheng.records.fields.MoneyField(validators=[django.core.validators.MinValueValidator(0, '分配金额不能小于0元。')], verbose_name='分配金额（元）')),
            ('document', models.CharField(blank=True, max_length=60, verbose_name='拨款文号')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
            ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
        ], constraints=[models.UniqueConstraint(fields=('school', 'programme', 'term'), name='one_allocation_a_term')]),
        *create_register('Award', '资助', [
            ('programme', models.CharField(choices=[('registered_poor', '建档立卡学生资助'), ('preschool', '学前教育困难幼儿资助'), ('boarder', '义务教育寄宿生生活费补助'), ('day_pupil', '义务教育非寄宿生生活费补助'), ('senior_grant', '普通高中国家助学金'), ('senior_tuition', '普通高中免学杂费'), ('vocational_grant', '中等职业教育国家助学金'), ('rain_dew', '雨露计划职业教育补助')], max_length=20, verbose_name='资助项目')),
            ('stage', models.CharField(choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中'), ('university', '高校')], max_length=10, verbose_name='学段')),
            ('school_name', models.CharField(max_length=60, verbose_name='就读学校')),
            ('study_division', models.CharField(max_length=6, validators=[xuezheng.records.identifiers.check_division], verbose_name='就读地区划代码')),
            ('boarding', models.CharField(choices=[('day', '走读'), ('boarder', '住校'), ('lodger', '借宿'), ('other', '其他')], max_length=10, verbose_name='就读方式')),
            ('tier', models.CharField(blank=True, choices=[('first', '一档'), ('second', '二档'), ('third', '三档')], max_length=10, verbose_name='资助档次')),
            ('amount', xuezheng.records.fields.MoneyField(validators=[django.core.validators.MinValueValidator(1, '资助金额须大于0元。')], verbose_name='资助金额（元）')),
            ('paid_on', models.DateField(blank=True, help_text='未发放的不填', null=True, verbose_name='发放日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='受助学生')),
            ('school', models.ForeignKey(blank=True, help_text='在区外就读的不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='本区学校')),
            ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'programme', 'term'), name='one_award_a_term')]),
        *create_register('LivelihoodProject', '民生工程', [
            ('name', models.CharField(max_length=60, verbose_name='项目名称')),
            ('document', models.CharField(max_length=60, verbose_name='实施办法文号')),
            ('issued_on', models.DateField(verbose_name='印发日期')),
        ], constraints=[models.UniqueConstraint(fields=('name', 'issued_on'), name='one_project_of_a_name_from_a_day')]),
        *create_register('Entitlement', '应助学生', [
            ('programme', models.CharField(choices=[('registered_poor', '建档立卡学生资助'), ('preschool', '学前教育困难幼儿资助'), ('boarder', '义务教育寄宿生生活费补助'), ('day_pupil', '义务教育非寄宿生生活费补助'), ('senior_grant', '普通高中国家助学金'), ('senior_tuition', '普通高中免学杂费'), ('vocational_grant', '中等职业教育国家助学金'), ('rain_dew', '雨露计划职业教育补助')], max_length=20, verbose_name='资助项目')),
            ('source', models.CharField(choices=[('poverty_register', '扶贫部门'), ('civil_affairs', '民政部门'), ('disabled_federation', '残联'), ('school', '学校认定')], max_length=20, verbose_name='名单来源')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='应助学生')),
            ('school', models.ForeignKey(blank=True, help_text='在区外就读的不填', null=True, on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='本区学校')),
            ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
        ], constraints=[models.UniqueConstraint(fields=('person', 'programme', 'term'), name='one_entitlement_a_term')]),
        *create_register('Account', '代发账户', [
            ('holder', xuezheng.records.fields.EncryptedField(help_text='本人或监护人姓名，与银行卡（折）一致', max_length=50, verbose_name='户名')),
            ('number', xuezheng.records.fields.EncryptedField(help_text='银行卡（折）号，只填数字', max_length=32, validators=[django.core.validators.RegexValidator('^[0-9]{8,32}\\Z', '账号应为8至32位数字，不含空格。请对照银行卡（折）填写。')], verbose_name='账号')),
            ('bank', models.CharField(max_length=60, verbose_name='开户行')),
            ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.person', verbose_name='受助学生')),
        ]),
        migrations.CreateModel(
            name='PaymentList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.CharField(choices=[('registered_poor', '建档立卡学生资助'), ('preschool', '学前教育困难幼儿资助'), ('boarder', '义务教育寄宿生生活费补助'), ('day_pupil', '义务教育非寄宿生生活费补助'), ('senior_grant', '普通高中国家助学金'), ('senior_tuition', '普通高中免学杂费'), ('vocational_grant', '中等职业教育国家助学金'), ('rain_dew', '雨露计划职业教育补助')], max_length=20, verbose_name='资助项目')),
                ('proposed_at', models.DateTimeField(auto_now_add=True, verbose_name='编制时间')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='编制人')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
            ],
            options={
                'verbose_name': '发放清单',
                'verbose_name_plural': '发放清单',
                'ordering': ('-pk',),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='maker_is_not_checker'),
                    models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='approved_by_somebody_at_some_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PaymentBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='编批时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='编批人')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='aid.paymentlist', verbose_name='发放清单')),
            ],
            options={
                'verbose_name': '代发批次',
                'verbose_name_plural': '代发批次',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('regular', '发放'), ('supplement', '补发'), ('recovery', '追回')], default='regular', max_length=10, verbose_name='类别')),
                ('amount', xuezheng.records.fields.MoneyField(verbose_name='金额（元）')),
                ('basis', models.JSONField(help_text='编制时所依的规则、政策和所读的各列', verbose_name='计算依据')),
                ('note', models.CharField(blank=True, max_length=100, verbose_name='事由')),
                ('state', models.CharField(choices=[('due', '待审批'), ('declined', '未同意'), ('approved', '已审批'), ('batched', '已编批'), ('paid', '已发放'), ('returned', '已退回'), ('recovered', '已追回')], default='due', max_length=10, verbose_name='状态')),
                ('place', models.PositiveIntegerField(null=True, verbose_name='批次内序号')),
                ('holder', xuezheng.records.fields.EncryptedField(max_length=50, null=True, verbose_name='户名')),
                ('account', xuezheng.records.fields.EncryptedField(max_length=32, null=True, verbose_name='账号')),
                ('bank', models.CharField(blank=True, max_length=60, verbose_name='开户行')),
                ('paid_on', models.DateField(null=True, verbose_name='到账日期')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='aid.award', verbose_name='资助')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='aid.paymentbatch', verbose_name='代发批次')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='aid.paymentlist', verbose_name='发放清单')),
            ],
            options={
                'verbose_name': '支付',
                'verbose_name_plural': '支付',
                'ordering': ('pk',),
                'indexes': [models.Index(fields=['list', 'state'], name='payments_of_a_list_by_state')],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('kind', 'regular'), ('state__in', ['due', 'approved', 'batched', 'paid'])), fields=('award',), name='one_live_payment_an_award'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ['due', 'approved', 'batched'])), fields=('award',), name='one_open_payment_an_award'),
                    models.UniqueConstraint(fields=('batch', 'place'), name='one_payment_a_place_in_a_batch'),
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='a_payment_is_of_some_amount'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['batched', 'paid', 'returned']), _negated=True), ('batch__isnull', False), _connector='OR'), name='only_a_batch_pays'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), ('paid_on__isnull', False), _connector='OR'), name='paid_on_a_day'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(blank=True, choices=[('due', '待审批'), ('declined', '未同意'), ('approved', '已审批'), ('batched', '已编批'), ('paid', '已发放'), ('returned', '已退回'), ('recovered', '已追回')], max_length=10, verbose_name='此前')),
                ('after', models.CharField(choices=[('due', '待审批'), ('declined', '未同意'), ('approved', '已审批'), ('batched', '已编批'), ('paid', '已发放'), ('returned', '已退回'), ('recovered', '已追回')], max_length=10, verbose_name='此后')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='aid.payment', verbose_name='支付')),
            ],
            options={
                'verbose_name': '办理记录',
                'verbose_name_plural': '办理记录',
                'ordering': ('pk',),
            },
        ),
        *create_register('Budget', '资助指标', [
            ('programme', models.CharField(choices=[('registered_poor', '建档立卡学生资助'), ('preschool', '学前教育困难幼儿资助'), ('boarder', '义务教育寄宿生生活费补助'), ('day_pupil', '义务教育非寄宿生生活费补助'), ('senior_grant', '普通高中国家助学金'), ('senior_tuition', '普通高中免学杂费'), ('vocational_grant', '中等职业教育国家助学金'), ('rain_dew', '雨露计划职业教育补助')], max_length=20, verbose_name='资助项目')),
            ('amount', xuezheng.records.fields.MoneyField(validators=[django.core.validators.MinValueValidator(0, '指标金额不能小于0元。')], verbose_name='指标金额（元）')),
            ('document', models.CharField(blank=True, max_length=60, verbose_name='指标文号')),
            ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
        ], constraints=[models.UniqueConstraint(fields=('programme', 'term'), name='one_budget_a_term')]),
        *create_register('CalendarDay', '放假和调休日', [
            ('day', models.DateField(unique=True, verbose_name='日期')),
            ('kind', models.CharField(choices=[('off', '放假'), ('work', '调休上班')], max_length=4, verbose_name='安排')),
            ('document', models.CharField(help_text='国务院办公厅关于当年部分节假日安排的通知', max_length=60, verbose_name='依据')),
        ], ordering=('day',)),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='公示开始日期')),
                ('last_day', models.DateField(verbose_name='公示截止日期')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='学校')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
            ],
            options={
                'verbose_name': '公示',
                'verbose_name_plural': '公示',
                'ordering': ('-pk',),
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='a_notice_ends_after_it_begins')],
            },
        ),
        *create_register('Recognition', '困难认定', [
            ('class_name', models.CharField(blank=True, help_text='不填的按学籍', max_length=30, verbose_name='班级')),
            ('stage', models.CharField(blank=True, choices=[('preschool', '学前'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中'), ('university', '高校')], help_text='不填的按学籍', max_length=10, verbose_name='学段')),
            ('category', models.CharField(choices=[('registered_poor', '建档立卡'), ('rural_allowance', '农村低保'), ('rural_support', '农村特困供养'), ('disabled', '家庭经济困难残疾学生'), ('urban_allowance', '城市低保'), ('orphan', '孤儿'), ('martyr_family', '烈士或优抚子女'), ('other', '其他家庭经济困难')], max_length=20, verbose_name='困难类别')),
            ('tier', models.CharField(choices=[('severe', '特别困难'), ('middle', '困难'), ('slight', '一般困难')], max_length=10, verbose_name='困难等级')),
            ('household_size', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1, '家庭人口数至少为1。'), django.core.validators.MaxValueValidator(30, '家庭人口数过大，请核对。')], verbose_name='家庭人口数')),
            ('guardian', xuezheng.records.fields.EncryptedField(blank=True, max_length=50, verbose_name='家长姓名')),
            ('phone', xuezheng.records.fields.EncryptedField(blank=True, max_length=20, verbose_name='电话号码')),
            ('reason', models.CharField(blank=True, max_length=200, verbose_name='申请理由')),
            ('applied_on', models.DateField(verbose_name='申请日期')),
            ('state', models.CharField(choices=[('applied', '已申请'), ('reviewed', '学校已评议'), ('noticed', '公示中'), ('decided', '已认定'), ('refused', '未通过'), ('withdrawn', '已撤回'), ('ended', '已终止')], default='applied', editable=False, max_length=10, verbose_name='状态')),
            ('change', models.CharField(choices=[('new', '新认定'), ('kept', '复核不变'), ('raised', '等级调高'), ('lowered', '等级调低'), ('ended', '不再困难')], default='new', editable=False, max_length=10, verbose_name='学期复核')),
            ('noticed_until', models.DateField(blank=True, editable=False, null=True, verbose_name='公示截止日期')),
            ('decided_on', models.DateField(blank=True, editable=False, null=True, verbose_name='认定日期')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='申请学生')),
            ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.school', verbose_name='就读学校')),
            ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.term', verbose_name='学期')),
        ], indexes=[models.Index(fields=['school', 'state'], name='recognitions_of_a_school')], constraints=[
            models.UniqueConstraint(fields=('person', 'term'), name='one_recognition_a_term'),
            models.CheckConstraint(condition=models.Q(models.Q(('state', 'noticed'), _negated=True), ('noticed_until__isnull', False), _connector='OR'), name='noticed_until_a_day'),
            models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['decided', 'ended']), _negated=True), ('decided_on__isnull', False), _connector='OR'), name='decided_on_a_day'),
            models.CheckConstraint(condition=models.Q(('noticed_until', None), ('decided_on', None), ('decided_on__gt', models.F('noticed_until')), _connector='OR'), name='decided_after_the_notice'),
        ]),
        migrations.CreateModel(
            name='RecognitionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(blank=True, choices=[('applied', '已申请'), ('reviewed', '学校已评议'), ('noticed', '公示中'), ('decided', '已认定'), ('refused', '未通过'), ('withdrawn', '已撤回'), ('ended', '已终止')], max_length=10, verbose_name='此前')),
                ('after', models.CharField(choices=[('applied', '已申请'), ('reviewed', '学校已评议'), ('noticed', '公示中'), ('decided', '已认定'), ('refused', '未通过'), ('withdrawn', '已撤回'), ('ended', '已终止')], max_length=10, verbose_name='此后')),
                ('day', models.DateField(verbose_name='办理日期')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
                ('notice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='aid.notice', verbose_name='公示')),
                ('recognition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='aid.recognition', verbose_name='困难认定')),
            ],
            options={
                'verbose_name': '认定办理记录',
                'verbose_name_plural': '认定办理记录',
                'ordering': ('pk',),
            },
        ),
    ]
