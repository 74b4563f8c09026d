from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailbox', '0003_mailbox_signature'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailbox',
            name='quotes_history',
            field=models.BooleanField(default=True),
        ),
    ]
