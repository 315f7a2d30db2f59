"""A reminder belongs to its patient's clinic, and goes with the patient to another: held and done by the database."""

from django.db import migrations

MAKE = """
ALTER TABLE followups_reminder ADD CONSTRAINT reminder_of_its_patients_clinic FOREIGN KEY (patient_id, clinic_id)
    REFERENCES patients_patient (id, clinic_id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""

UNMAKE = "ALTER TABLE followups_reminder DROP CONSTRAINT reminder_of_its_patients_clinic;"


class Migration(migrations.Migration):
    dependencies = [("followups", "0001_plans_and_reminders"), ("patients", "0005_a_number_stays_its_patients")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
