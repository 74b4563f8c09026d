from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0006_message_content_digest'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='may_autorespond',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('direction', 'outbound'), ('kind', 'auto_reply')), fields=['organization', 'at'], name='message_automatic_answers'),
        ),
    ]
