import accounts.ids
import accounts.sealing.fields
import accounts.tenancy.policy
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_team'),
        ('mailbox', '0006_mailbox_acknowledgement'),
        ('tickets', '0015_contacts_and_companies'),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkChange',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('verb', models.CharField(choices=[('assign', 'Assign'), ('team', 'Give to a team'), ('tag', 'Tag'), ('priority', 'Set the priority'), ('snooze', 'Snooze'), ('close', 'Close'), ('reopen', 'Open again'), ('spam', 'Spam'), ('not_spam', 'Not spam')], max_length=8)),
                ('details', models.JSONField(default=dict)),
                ('query', models.JSONField(null=True)),
                ('is_too_much', models.BooleanField(default=False)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('taken_back', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('taken_back_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='BulkTicket',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('changed', 'Changed'), ('same', 'As it was'), ('refused', 'Refused'), ('back', 'Taken back'), ('kept', 'Changed by somebody since')], default='waiting', max_length=8)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', accounts.sealing.fields.SealedTextField(compress=False, key='organization')),
                ('is_shared', models.BooleanField(default=False)),
                ('query', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('activity_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='event',
            name='priority',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='event',
            name='until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='priority',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Low'), (2, 'Normal'), (3, 'High'), (4, 'Urgent')], default=2),
        ),
        migrations.AddField(
            model_name='ticket',
            name='snoozed_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='waiting_since',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        # What came before this: since when they wait is not known better than by the last that happened.
        migrations.RunSQL('UPDATE tickets_ticket SET waiting_since = last_activity_at', migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('opened', 'Opened'), ('reopened', 'Reopened'), ('answered', 'Answered'), ('assigned', 'Assigned'), ('unassigned', 'Given back'), ('released', 'Taken from who may no longer see it'), ('closed', 'Closed'), ('send_failed', 'Not sent'), ('bounced', 'Could not be delivered'), ('also_came', 'Came through another mailbox too'), ('merged', 'Merged into another ticket'), ('absorbed', 'Took in another ticket'), ('unmerged', 'Taken out of another ticket again'), ('gave_back', 'Gave another ticket its mails back'), ('split', 'Split'), ('split_off', 'Split off from another ticket'), ('refiled', 'Read after another try'), ('prioritized', 'Given a priority'), ('snoozed', 'Snoozed'), ('woken', 'Woken'), ('spam', 'Called spam'), ('not_spam', 'Called no spam'), ('undone', 'Taken back')], max_length=16),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='state',
            field=models.CharField(choices=[('open', 'Open'), ('pending', 'Waiting for them'), ('snoozed', 'Snoozed'), ('closed', 'Closed'), ('spam', 'Spam')], default='open', max_length=8),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='state_before_merge',
            field=models.CharField(blank=True, choices=[('open', 'Open'), ('pending', 'Waiting for them'), ('snoozed', 'Snoozed'), ('closed', 'Closed'), ('spam', 'Spam')], default='', max_length=8),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('state__in', ['open', 'pending', 'snoozed'])), fields=['mailbox', 'state', 'waiting_since', 'id'], include=('organization',), name='ticket_queue_by_waiting'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('state__in', ['open', 'pending', 'snoozed'])), fields=['mailbox', 'state', '-priority', 'waiting_since', 'id'], include=('organization',), name='ticket_queue_by_priority'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('state', 'snoozed')), fields=['organization', 'snoozed_until'], name='ticket_to_wake'),
        ),
        migrations.AddField(
            model_name='bulkchange',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='bulkchange',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='bulkticket',
            name='change',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tickets', to='tickets.bulkchange'),
        ),
        migrations.AddField(
            model_name='bulkticket',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='bulkticket',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='seen',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='seen',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='seen',
            name='ticket',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='seen', to='tickets.ticket'),
        ),
        migrations.AddIndex(
            model_name='bulkchange',
            index=models.Index(condition=models.Q(('finished_at', None)), fields=['moved_at'], name='bulk_change_under_way'),
        ),
        migrations.AddConstraint(
            model_name='bulkchange',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_bulkchange', using=''),
        ),
        migrations.AddIndex(
            model_name='bulkticket',
            index=models.Index(fields=['change', 'state', 'id'], name='bulk_tickets_left'),
        ),
        migrations.AddConstraint(
            model_name='bulkticket',
            constraint=models.UniqueConstraint(fields=('change', 'ticket'), name='ticket_once_in_a_bulk_change'),
        ),
        migrations.AddConstraint(
            model_name='bulkticket',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_bulkticket', using=''),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_savedview', using=''),
        ),
        migrations.AddConstraint(
            model_name='seen',
            constraint=models.UniqueConstraint(fields=('ticket', 'member'), name='seen_once'),
        ),
        migrations.AddConstraint(
            model_name='seen',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_seen', using=''),
        ),
    ]
