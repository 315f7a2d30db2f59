"""A reviewer may also say that a lesion is calciphylaxis, or that nobody can say what it is."""

from django.db import migrations, models

TYPES = ("dystrophic", "metastatic", "iatrogenic", "idiopathic", "mixed", "not_calcinosis", "calciphylaxis", "cannot_say")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_superseded_reviews")]

    operations = [
        migrations.RemoveConstraint(model_name="typeoverride", name="type_override_names_a_type"),
        migrations.AddConstraint(
            model_name="typeoverride",
            constraint=models.CheckConstraint(condition=models.Q(("type__in", TYPES)), name="type_override_names_a_type"),
        ),
    ]
