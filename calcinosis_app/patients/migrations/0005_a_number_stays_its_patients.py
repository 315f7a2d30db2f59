"""A number that a patient has left behind is given to nobody else, and a transfer ends once: held by the database."""

from django.db import migrations

# After the row, not before it: by then whoever held the number is done, and what that one left behind can be seen.
MAKE = """
CREATE FUNCTION patients_refuse_past_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM patients_pastnumber
        WHERE clinic_id = NEW.clinic_id AND number = NEW.number AND patient_id <> NEW.id
    ) THEN
        RAISE EXCEPTION 'this number is another patient''s, who has left the clinic'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'patient_number_never_another_patients';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER patient_number_never_another_patients AFTER INSERT OR UPDATE OF clinic_id, number ON patients_patient
    FOR EACH ROW EXECUTE FUNCTION patients_refuse_past_number();

CREATE FUNCTION patients_keep_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD."end" <> '' OR (NEW.patient_id, NEW.number, NEW.from_clinic_id, NEW.to_clinic_id, NEW.reason, NEW.offered_at, NEW.offered_by_id)
        IS DISTINCT FROM (OLD.patient_id, OLD.number, OLD.from_clinic_id, OLD.to_clinic_id, OLD.reason, OLD.offered_at, OLD.offered_by_id)
    THEN
        RAISE EXCEPTION 'transfer % stays as it was', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER transfer_ends_once BEFORE UPDATE ON patients_transferoffer
    FOR EACH ROW EXECUTE FUNCTION patients_keep_transfer();

ALTER TABLE patients_patient ADD CONSTRAINT patient_with_its_clinic UNIQUE (id, clinic_id);
"""

UNMAKE = """
ALTER TABLE patients_patient DROP CONSTRAINT patient_with_its_clinic;
DROP TRIGGER transfer_ends_once ON patients_transferoffer;
DROP FUNCTION patients_keep_transfer();
DROP TRIGGER patient_number_never_another_patients ON patients_patient;
DROP FUNCTION patients_refuse_past_number();
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0004_transfers_and_past_numbers")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
