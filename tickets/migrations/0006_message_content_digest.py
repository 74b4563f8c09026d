from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0005_ticket_merged_into'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='content_digest',
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('content_digest__isnull', False), ('message_id_digest', None)), fields=['organization', 'content_digest'], name='message_by_content'),
        ),
    ]
