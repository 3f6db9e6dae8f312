import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='种类')),
                ('title', models.CharField(max_length=60, verbose_name='名称')),
                ('arguments', models.JSONField(default=dict, verbose_name='参数')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='发起时间')),
                ('state', models.CharField(choices=[('waiting', '等待'), ('running', '进行中'), ('done', '完成'), ('failed', '未完成')], default='waiting', max_length=10, verbose_name='状态')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='次数')),
                ('lost', models.PositiveIntegerField(default=0, verbose_name='中断次数')),
                ('worker', models.CharField(blank=True, max_length=100, verbose_name='工作进程')),
                ('result', models.JSONField(null=True, verbose_name='结果')),
                ('failure', models.CharField(blank=True, max_length=2000, verbose_name='原因')),
                ('may_retry', models.BooleanField(default=False, verbose_name='可以重试')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发起人')),
            ],
            options={
                'verbose_name': '后台任务',
                'verbose_name_plural': '后台任务',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['state', 'asked_by'], name='jobs_by_state')],
            },
        ),
    ]
