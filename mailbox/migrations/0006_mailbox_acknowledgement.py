import accounts.sealing.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailbox', '0005_mailbox_aliases'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailbox',
            name='acknowledges',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='mailbox',
            name='acknowledgement',
            field=accounts.sealing.fields.SealedTextField(blank=True, compress=False, key='mailbox', null=True),
        ),
    ]
