from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0008_message_by_sender_and_time'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactaddress',
            name='bounced_at',
            field=models.DateTimeField(null=True),
        ),
    ]
