"""Erasures that a request decided row by row have a state of their own; they used to wait a hundred years in grace."""

from django.db import migrations, models

FORWARD = """
    UPDATE privacy_deletionjob SET state = 'planned', run_after = coalesce(started_at, requested_at)
    WHERE scope = 'contact' AND state = 'grace' AND run_after > now() + interval '50 years'
"""
BACKWARD = """
    UPDATE privacy_deletionjob SET state = 'grace', run_after = now() + interval '100 years' WHERE state = 'planned'
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0011_lists_in_order")]

    operations = [
        migrations.AlterField(
            model_name="deletionjob",
            name="state",
            field=models.CharField(
                choices=[
                    ("grace", "Can be undone"),
                    ("running", "Running"),
                    ("planned", "Running by its plan"),
                    ("verified", "Verified"),
                    ("certified", "Certified"),
                    ("cancelled", "Cancelled"),
                ],
                default="grace",
                max_length=9,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
