import accounts.ids
import accounts.sealing.fields
import accounts.tenancy.policy
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_team'),
        ('tickets', '0013_contact_address_that_bounced'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='fields',
            field=accounts.sealing.fields.SealedJSONField(compress=False, key='mailbox', null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='survivor_closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='survivor_state',
            field=models.CharField(blank=True, choices=[('open', 'Open'), ('pending', 'Waiting for them'), ('snoozed', 'Snoozed'), ('closed', 'Closed')], default='', max_length=8),
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('opened', 'Opened'), ('reopened', 'Reopened'), ('answered', 'Answered'), ('assigned', 'Assigned'), ('unassigned', 'Given back'), ('released', 'Taken from who may no longer see it'), ('closed', 'Closed'), ('send_failed', 'Not sent'), ('bounced', 'Could not be delivered'), ('also_came', 'Came through another mailbox too'), ('merged', 'Merged into another ticket'), ('absorbed', 'Took in another ticket'), ('unmerged', 'Taken out of another ticket again'), ('gave_back', 'Gave another ticket its mails back'), ('split', 'Split'), ('split_off', 'Split off from another ticket'), ('refiled', 'Read after another try'), ('linked', 'Linked with another ticket'), ('duplicates', 'Marked as a duplicate of another ticket'), ('duplicated_by', 'Has a duplicate'), ('unlinked', 'No longer linked with another ticket'), ('moved', 'Moved from another mailbox'), ('field_changed', 'A field was changed'), ('state_restored', 'Put back as it was')], max_length=16),
        ),
        migrations.CreateModel(
            name='CustomField',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(choices=[('ticket', 'Tickets'), ('contact', 'Contacts')], default='ticket', max_length=7)),
                ('kind', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('choice', 'One of several'), ('date', 'Date')], max_length=6)),
                ('name', accounts.sealing.fields.SealedTextField(compress=False, key='organization')),
                ('name_digest', models.BinaryField(max_length=16)),
                ('choices', accounts.sealing.fields.SealedJSONField(compress=False, key='organization', null=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('retired_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization')),
            ],
        ),
        migrations.AddField(
            model_name='event',
            name='field',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.customfield'),
        ),
        migrations.CreateModel(
            name='TicketLink',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('related', 'Related'), ('duplicate', 'Duplicate')], default='related', max_length=9)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_to_it', to='tickets.ticket')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='tickets.ticket')),
            ],
        ),
        migrations.AddConstraint(
            model_name='customfield',
            constraint=models.UniqueConstraint(fields=('organization', 'subject', 'name_digest'), name='custom_field_name_once'),
        ),
        migrations.AddConstraint(
            model_name='customfield',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_customfield', using=''),
        ),
        migrations.AddConstraint(
            model_name='ticketlink',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Least('ticket', 'other'), django.db.models.functions.comparison.Greatest('ticket', 'other'), name='tickets_linked_once'),
        ),
        migrations.AddConstraint(
            model_name='ticketlink',
            constraint=models.CheckConstraint(condition=models.Q(('ticket', models.F('other')), _negated=True), name='ticket_linked_with_another'),
        ),
        migrations.AddConstraint(
            model_name='ticketlink',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_ticketlink', using=''),
        ),
    ]
