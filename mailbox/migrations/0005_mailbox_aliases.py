import accounts.sealing.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('mailbox', '0004_mailbox_quotes_history'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailbox',
            name='aliases',
            field=accounts.sealing.fields.SealedJSONField(blank=True, compress=False, key='mailbox', null=True),
        ),
    ]
