"""A worked case that is practised makes no reminder: nobody is to be called, and no number may count it."""

from django.db import migrations

MAKE = """
CREATE FUNCTION reminder_of_somebody_real() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM patients_practice WHERE patient_id = NEW.patient_id) THEN
        RAISE EXCEPTION 'patient % is invented: nothing is due', NEW.patient_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER reminder_of_somebody_real BEFORE INSERT ON followups_reminder
    FOR EACH ROW EXECUTE FUNCTION reminder_of_somebody_real();
"""

UNMAKE = """
DROP TRIGGER reminder_of_somebody_real ON followups_reminder;
DROP FUNCTION reminder_of_somebody_real();
"""


class Migration(migrations.Migration):
    dependencies = [("followups", "0002_reminders_go_with_their_patient"), ("patients", "0007_practice_patients")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
