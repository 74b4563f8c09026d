import accounts.ids
import accounts.sealing.fields
import accounts.tenancy.policy
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def make_contacts_found(apps, schema_editor):
    """Give every contact the codes it is found by, and every address the digest of its domain; runs again safely."""
    from tickets.contacts.codes import code_of, words_of
    from tickets.contacts.domains import domain_digest, domain_of

    contact_code = apps.get_model("tickets", "ContactCode")
    contact_address = apps.get_model("tickets", "ContactAddress")
    contacts = apps.get_model("tickets", "Contact").objects.prefetch_related("addresses")
    for contact in contacts.iterator(chunk_size=500):
        addresses = list(contact.addresses.all())
        for one in addresses:
            digest = domain_digest(one.organization_id, domain_of(one.address))
            contact_address.objects.filter(pk=one.pk).update(domain_digest=digest)
        words = words_of(contact.name, [one.address for one in addresses])
        codes = {code_of(contact.organization_id, word) for word in words}
        contact_code.objects.bulk_create(
            [contact_code(organization_id=contact.organization_id, contact=contact, code=code) for code in codes],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_team'),
        ('tickets', '0014_ticket_page'),
    ]

    operations = [
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', accounts.sealing.fields.SealedTextField(compress=False, key='organization')),
                ('name_digest', models.BinaryField(max_length=16)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name_plural': 'companies',
            },
        ),
        migrations.CreateModel(
            name='CompanyDomain',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('domain', accounts.sealing.fields.SealedTextField(compress=False, key='organization')),
                ('digest', models.BinaryField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='ContactCode',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.BinaryField(max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='ContactEvent',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('verb', models.CharField(choices=[('made', 'Added'), ('imported', 'Came from a file'), ('renamed', 'Name changed'), ('company', 'Company changed'), ('address_added', 'Address added'), ('address_removed', 'Address removed'), ('primary', 'Main address changed'), ('domains', 'Domains changed'), ('blocked', 'Blocked'), ('unblocked', 'Unblocked'), ('merged', 'Took in another contact'), ('unmerged', 'Gave another contact back')], max_length=16)),
                ('details', accounts.sealing.fields.SealedJSONField(compress=False, key='organization')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='ContactImport',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('uploaded', 'Waits for its columns'), ('checked', 'Looked through'), ('running', 'Being taken in'), ('done', 'Taken in'), ('given_up', 'Given up')], default='uploaded', max_length=8)),
                ('columns', accounts.sealing.fields.SealedJSONField(compress=False, key='organization')),
                ('errors', accounts.sealing.fields.SealedJSONField(compress=True, key='organization')),
                ('total', models.PositiveIntegerField(default=0)),
                ('position', models.PositiveIntegerField(default=0)),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('known', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ContactMerge',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('moved', accounts.sealing.fields.SealedJSONField(compress=True, key='organization')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ContactNote',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', accounts.sealing.fields.SealedTextField(compress=False, key='organization')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name='contact',
            name='blocked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='contact',
            name='is_company_chosen',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='contact',
            name='is_name_chosen',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='contact',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='merged_contacts', to='tickets.contact'),
        ),
        migrations.AddField(
            model_name='contactaddress',
            name='blocked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='contactaddress',
            name='domain_digest',
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddField(
            model_name='contactaddress',
            name='is_primary',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='contactaddress',
            index=models.Index(fields=['organization', 'domain_digest'], name='address_by_domain'),
        ),
        migrations.AddConstraint(
            model_name='contactaddress',
            constraint=models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('contact',), name='one_primary_address'),
        ),
        migrations.AddField(
            model_name='company',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='contact',
            name='company',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='tickets.company'),
        ),
        migrations.AddField(
            model_name='companydomain',
            name='company',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='tickets.company'),
        ),
        migrations.AddField(
            model_name='companydomain',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='contactcode',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='tickets.contact'),
        ),
        migrations.AddField(
            model_name='contactcode',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='company',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='tickets.company'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='tickets.contact'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='contactmerge',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='contactmerge',
            name='merged',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.contact'),
        ),
        migrations.AddField(
            model_name='contactmerge',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='contactmerge',
            name='survivor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='tickets.contact'),
        ),
        migrations.AddField(
            model_name='contactnote',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='contactnote',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='tickets.contact'),
        ),
        migrations.AddField(
            model_name='contactnote',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='accounts.organization'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['organization', 'name_digest'], name='company_by_name'),
        ),
        migrations.AddConstraint(
            model_name='company',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_company', using=''),
        ),
        migrations.AddConstraint(
            model_name='companydomain',
            constraint=models.UniqueConstraint(fields=('organization', 'digest'), name='domain_of_one_company'),
        ),
        migrations.AddConstraint(
            model_name='companydomain',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_companydomain', using=''),
        ),
        migrations.AddConstraint(
            model_name='contactcode',
            constraint=models.UniqueConstraint(fields=('organization', 'code', 'contact'), name='contact_code_once'),
        ),
        migrations.AddConstraint(
            model_name='contactcode',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_contactcode', using=''),
        ),
        migrations.AddConstraint(
            model_name='contactevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', False), ('contact', None)), models.Q(('company', None), ('contact__isnull', False)), _connector='OR'), name='contact_event_is_about_one'),
        ),
        migrations.AddConstraint(
            model_name='contactevent',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_contactevent', using=''),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('organization',), name='one_contact_import_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_contactimport', using=''),
        ),
        migrations.AddConstraint(
            model_name='contactmerge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('merged',), name='contact_merged_once'),
        ),
        migrations.AddConstraint(
            model_name='contactmerge',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_contactmerge', using=''),
        ),
        migrations.AddIndex(
            model_name='contactnote',
            index=models.Index(fields=['contact', '-at'], name='note_about_contact'),
        ),
        migrations.AddConstraint(
            model_name='contactnote',
            constraint=accounts.tenancy.policy.TenantPolicy(column='organization_id', grant='SELECT, INSERT, UPDATE, DELETE', name='tenant_tickets_contactnote', using=''),
        ),
        migrations.RunPython(make_contacts_found, migrations.RunPython.noop, elidable=True),
    ]
