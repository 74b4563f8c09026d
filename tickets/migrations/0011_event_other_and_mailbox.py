import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailbox', '0001_initial'),
        ('tickets', '0010_times_of_history'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='other',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='event',
            name='mailbox',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mailbox.mailbox'),
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('opened', 'Opened'), ('reopened', 'Reopened'), ('answered', 'Answered'), ('assigned', 'Assigned'), ('unassigned', 'Given back'), ('released', 'Taken from who may no longer see it'), ('closed', 'Closed'), ('send_failed', 'Not sent'), ('bounced', 'Could not be delivered'), ('also_came', 'Came through another mailbox too'), ('merged', 'Merged into another ticket'), ('absorbed', 'Took in another ticket'), ('unmerged', 'Taken out of another ticket again'), ('gave_back', 'Gave another ticket its mails back'), ('split', 'Split'), ('split_off', 'Split off from another ticket'), ('refiled', 'Read after another try')], max_length=16),
        ),
    ]
