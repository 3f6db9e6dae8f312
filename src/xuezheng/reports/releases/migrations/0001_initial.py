import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('releases', '0002_added_sentence'),
    ]

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('template', models.CharField(max_length=60, verbose_name='报告')),
                ('period', models.CharField(max_length=20, verbose_name='时期')),
                ('latest', models.PositiveIntegerField(default=0, verbose_name='最新版')),
                ('issued_at', models.DateTimeField(null=True, verbose_name='印发时间')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='印发人')),
            ],
            options={
                'verbose_name': '报告签发',
                'verbose_name_plural': '报告签发',
                'ordering': ('-pk',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('issued_at', None)), fields=('template', 'period'), name='one_open_release_of_a_report')],
            },
        ),
        migrations.CreateModel(
            name='Explanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=64, verbose_name='清单项')),
                ('text', models.CharField(max_length=300, verbose_name='说明')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='说明时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='说明人')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='releases.release')),
            ],
            options={
                'verbose_name': '说明',
                'verbose_name_plural': '说明',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='版次')),
                ('title', models.CharField(max_length=200, verbose_name='标题')),
                ('upload', models.CharField(blank=True, max_length=255, verbose_name='上传的文件')),
                ('snapshot_id', models.CharField(max_length=40, verbose_name='快照')),
                ('sha256', models.CharField(max_length=64, verbose_name='校验值')),
                ('parts', models.JSONField(default=dict, verbose_name='各科室的部分')),
                ('found', models.JSONField(default=list, verbose_name='清单')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='作者')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='releases.release')),
            ],
            options={
                'verbose_name': '版本',
                'verbose_name_plural': '版本',
                'ordering': ('number',),
                'constraints': [models.UniqueConstraint(fields=('release', 'number'), name='one_version_of_a_number_in_a_release')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(max_length=30, verbose_name='科室')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='会签时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会签人')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='releases.version')),
            ],
            options={
                'verbose_name': '会签',
                'verbose_name_plural': '会签',
                'constraints': [models.UniqueConstraint(fields=('version', 'section'), name='one_review_of_a_section_in_a_version')],
            },
        ),
        migrations.CreateModel(
            name='AddedSentence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('template', models.CharField(max_length=60, verbose_name='报告')),
                ('period', models.CharField(max_length=20, verbose_name='时期')),
                ('heading', models.CharField(max_length=100, verbose_name='所在一节')),
                ('before', models.CharField(max_length=200, verbose_name='数字前的文字')),
                ('figure', models.CharField(max_length=60, verbose_name='指标')),
                ('slice', models.JSONField(default=dict, verbose_name='范围')),
                ('after', models.CharField(max_length=200, verbose_name='数字后的文字')),
                ('by', models.CharField(blank=True, max_length=40, verbose_name='附图按什么分')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='放入时间')),
                ('removed_at', models.DateTimeField(null=True, verbose_name='取出时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='放入人')),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='取出人')),
            ],
            options={
                'verbose_name': '补充句',
                'verbose_name_plural': '补充句',
                'ordering': ('pk',),
            },
        ),
    ]
