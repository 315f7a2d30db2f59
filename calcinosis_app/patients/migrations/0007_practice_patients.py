"""Invented patients on whom worked cases are practised, kept apart from people by the database itself."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

MAKE = """
CREATE FUNCTION practice_of_nobody_real() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.patient_id, NEW.clinic_id, NEW.worked_case, NEW.started_by_id, NEW.started_at)
            IS DISTINCT FROM (OLD.patient_id, OLD.clinic_id, OLD.worked_case, OLD.started_by_id, OLD.started_at)
            OR OLD.put_away_at IS NOT NULL THEN
            RAISE EXCEPTION 'practice of patient % can only be put away, once', OLD.patient_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM patients_case WHERE patient_id = NEW.patient_id)
        OR EXISTS (SELECT 1 FROM patients_finding WHERE patient_id = NEW.patient_id) THEN
        RAISE EXCEPTION 'patient % has a record and is nobody to practise on', NEW.patient_id
            USING ERRCODE = 'integrity_constraint_violation';
    ELSIF NOT EXISTS (SELECT 1 FROM patients_patient WHERE id = NEW.patient_id AND clinic_id = NEW.clinic_id) THEN
        RAISE EXCEPTION 'patient % is of another clinic', NEW.patient_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION practice_stays_in_its_clinic() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM patients_practice WHERE patient_id = OLD.id) THEN
        RAISE EXCEPTION 'patient % is invented and stays in its clinic', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER practice_of_nobody_real BEFORE INSERT OR UPDATE ON patients_practice
    FOR EACH ROW EXECUTE FUNCTION practice_of_nobody_real();

CREATE TRIGGER practice_stays_in_its_clinic BEFORE UPDATE OF clinic_id ON patients_patient
    FOR EACH ROW WHEN (OLD.clinic_id IS DISTINCT FROM NEW.clinic_id) EXECUTE FUNCTION practice_stays_in_its_clinic();
"""

UNMAKE = """
DROP TRIGGER practice_stays_in_its_clinic ON patients_patient;
DROP TRIGGER practice_of_nobody_real ON patients_practice;
DROP FUNCTION practice_stays_in_its_clinic();
DROP FUNCTION practice_of_nobody_real();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_ended_stays_ended"),
        ("patients", "0006_field_turns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Practice",
            fields=[
                (
                    "patient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="practice",
                        serialize=False,
                        to="patients.patient",
                    ),
                ),
                ("worked_case", models.CharField(max_length=40)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("put_away_at", models.DateTimeField(blank=True, null=True)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.clinic")),
                (
                    "started_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-started_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("put_away_at__isnull", True)),
                        fields=("clinic", "started_by", "worked_case"),
                        name="practice_once_per_person_and_worked_case",
                    ),
                    models.CheckConstraint(condition=models.Q(("worked_case", ""), _negated=True), name="practice_names_a_worked_case"),
                ],
            },
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
