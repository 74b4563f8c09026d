"""The group of the operator's staff that may place holds and read what was put aside for them; it begins empty."""

from typing import Any

from django.db import migrations

NAME = "Legal holds"


def make_role(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.get_or_create(name=NAME)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0006_retention_rules"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(make_role, migrations.RunPython.noop)]
