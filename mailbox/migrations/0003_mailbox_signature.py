import accounts.sealing.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('mailbox', '0002_mailbox_access'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailbox',
            name='signature',
            field=accounts.sealing.fields.SealedTextField(blank=True, compress=False, key='mailbox', null=True),
        ),
    ]
