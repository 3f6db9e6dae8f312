"""Take, for a bureau that has been at work, the packs whose values it used while they were part of the program."""

from django.db import migrations


def take_packs(apps, schema_editor):
    from xuezheng.policy.kept import write_content
    from xuezheng.policy.packs import formerly_in_the_program

    if not apps.get_model("records", "District").objects.exists():
        return
    taken = apps.get_model("policy", "TakenPack")
    for pack in formerly_in_the_program():
        taken.objects.create(
            code=pack.code, title=pack.title, level=pack.level, edition=pack.edition, content=write_content(pack)
        )


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]

    operations = [migrations.RunPython(take_packs, migrations.RunPython.noop)]
