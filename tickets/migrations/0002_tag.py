import accounts.ids
import accounts.sealing.fields
import accounts.tenancy.policy
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_team'),
        ('mailbox', '0001_initial'),
        ('tickets', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', accounts.sealing.fields.SealedTextField(compress=False, key='organization')),
                ('name_digest', models.BinaryField(max_length=16)),
                ('hue', models.PositiveSmallIntegerField(choices=[(1, 'Blue'), (2, 'Orange'), (3, 'Green'), (4, 'Pink'), (5, 'Violet'), (6, 'Red'), (7, 'Olive'), (8, 'Grey')], default=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='TicketTag',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ticket_tags', to='tickets.tag')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ticket_tags', to='tickets.ticket')),
            ],
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(fields=('organization', 'name_digest'), name='tag_name_once'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.CheckConstraint(condition=models.Q(('hue__range', (1, 8))), name='tag_hue_is_one_of_eight'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_tag', using=''),
        ),
        migrations.AddConstraint(
            model_name='tickettag',
            constraint=models.UniqueConstraint(fields=('ticket', 'tag'), name='tag_once_on_a_ticket'),
        ),
        migrations.AddConstraint(
            model_name='tickettag',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_tickettag', using=''),
        ),
    ]
