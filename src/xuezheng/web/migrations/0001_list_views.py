import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('web', '0002_pins'),
    ]

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=60, verbose_name='台账')),
                ('name', models.CharField(max_length=30, verbose_name='名称')),
                ('query', models.TextField(blank=True, verbose_name='内容')),
                ('shared', models.CharField(choices=[('own', '只有自己'), ('fellows', '本科室或本校'), ('all', '全局')], default='own', max_length=10, verbose_name='共享')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='版次')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='所有人')),
            ],
            options={
                'verbose_name': '台账视图',
                'verbose_name_plural': '台账视图',
                'ordering': ('name', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('owner', 'register', 'name'), name='one_view_of_a_name')],
            },
        ),
        migrations.CreateModel(
            name='ListHabit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=60, verbose_name='台账')),
                ('columns', models.TextField(blank=True, verbose_name='列')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                ('opens_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='web.listview', verbose_name='默认视图')),
            ],
            options={
                'verbose_name': '台账习惯',
                'verbose_name_plural': '台账习惯',
                'constraints': [models.UniqueConstraint(fields=('user', 'register'), name='one_habit_of_a_register')],
            },
        ),
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figure', models.CharField(max_length=60, verbose_name='指标')),
                ('part', models.CharField(blank=True, max_length=200, verbose_name='范围')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='次序')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '首页指标',
                'verbose_name_plural': '首页指标',
                'ordering': ('order', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('user', 'figure', 'part'), name='one_pin_of_a_figure_for_a_user')],
            },
        ),
    ]
