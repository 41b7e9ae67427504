"""Whether a claim is told, or a thought or a plan that is shown on demand."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0003_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='claim',
            name='claim_review_queue',
        ),
        migrations.AddField(
            model_name='claim',
            name='reporting',
            field=models.BooleanField(default=True, help_text='Somebody tells it. A thought, a plan or what is left unsaid is shown on demand only.'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('reporting', True), ('review', 'proposed')), fields=['id'], name='claim_review_queue'),
        ),
    ]
