"""A review that went on elsewhere is kept, with what did not fit; and the guards of signed reviews look at our own tables only."""

from django.db import migrations, models

# Without a path of its own a function looks first where anybody may put a table of the same name.
FIX = """
ALTER FUNCTION assessments_refuse_signed_review() SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION assessments_refuse_part_of_signed_review() SET search_path = pg_catalog, public, pg_temp;
"""
UNFIX = """
ALTER FUNCTION assessments_refuse_signed_review() RESET search_path;
ALTER FUNCTION assessments_refuse_part_of_signed_review() RESET search_path;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_signed_is_final")]

    operations = [
        migrations.RunSQL(FIX, UNFIX),
        migrations.AddField(
            model_name="review",
            name="superseded_by",
            field=models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="supersedes", to="assessments.review"),
        ),
        migrations.RemoveConstraint(model_name="review", name="review_open_once_per_reviewer"),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=["assessment", "reviewer"],
                condition=models.Q(signed_at__isnull=True, superseded_by__isnull=True),
                name="review_open_once_per_reviewer",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                name="review_signed_or_superseded_never_both",
                condition=models.Q(signed_at__isnull=True) | models.Q(superseded_by__isnull=True),
            ),
        ),
    ]
