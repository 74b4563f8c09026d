from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailbox', '0006_mailbox_acknowledgement'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailbox',
            name='deletion_begun_at',
            field=models.DateTimeField(null=True),
        ),
    ]
