
import accounts.sealing.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0021_words_of_composing'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='fields',
            field=accounts.sealing.fields.SealedJSONField(compress=False, key='organization', null=True),
        ),
        migrations.AlterField(
            model_name='contactevent',
            name='verb',
            field=models.CharField(choices=[('made', 'Added'), ('imported', 'Came from a file'), ('renamed', 'Name changed'), ('company', 'Company changed'), ('address_added', 'Address added'), ('address_removed', 'Address removed'), ('primary', 'Main address changed'), ('domains', 'Domains changed'), ('field', 'Field changed'), ('blocked', 'Blocked'), ('unblocked', 'Unblocked'), ('merged', 'Took in another contact'), ('unmerged', 'Gave another contact back')], max_length=16),
        ),
    ]
