import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_team'),
        ('tickets', '0002_tag'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.team'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='tickets', to='accounts.team'),
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('opened', 'Opened'), ('reopened', 'Reopened'), ('answered', 'Answered'), ('assigned', 'Assigned'), ('unassigned', 'Given back'), ('released', 'Taken from who may no longer see it'), ('closed', 'Closed'), ('send_failed', 'Not sent'), ('bounced', 'Could not be delivered')], max_length=16),
        ),
    ]
