from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0003_ticket_team'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='ticket',
            name='ticket_queue',
        ),
        migrations.RemoveIndex(
            model_name='ticket',
            name='ticket_queue_of_assignee',
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['mailbox', 'state', '-last_activity_at', '-id'], include=('organization',), name='ticket_queue'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['mailbox', 'assignee', '-last_activity_at', '-id'], include=('organization',), name='ticket_queue_of_assignee'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('state', 'open'), ('team__isnull', False)), fields=['mailbox', 'team', '-last_activity_at', '-id'], include=('organization',), name='ticket_queue_of_team'),
        ),
    ]
