"""A unit is mapped for one code: what was said of another code's unit must not count. Lines of one result find each other in a file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("laboratory", "0002_committed_lines_stay")]

    operations = [
        migrations.AddField("unitmapping", "system", models.CharField(blank=True, default="", max_length=100)),
        migrations.AddField("unitmapping", "code", models.CharField(blank=True, default="", max_length=100)),
        migrations.AlterModelOptions("unitmapping", {"ordering": ["laboratory", "key", "system", "code", "spelling"]}),
        migrations.RemoveConstraint("unitmapping", "unit_mapped_once"),
        migrations.AddConstraint(
            "unitmapping",
            models.UniqueConstraint(fields=("clinic", "laboratory", "system", "code", "key", "spelling"), name="unit_mapped_once"),
        ),
        migrations.RemoveIndex("line", "line_taken"),
        migrations.AddIndex(
            "line",
            models.Index(fields=["source", "fingerprint"], condition=~models.Q(fingerprint=""), name="line_by_result"),
        ),
    ]
