"""Of an emergency access nothing that was said can be changed afterwards: not whose, why, when, how it ended or who has seen it."""

from django.db import migrations

MAKE = """
CREATE FUNCTION accounts_keep_emergency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.user_id, NEW.clinic_id, NEW.record_id, NEW.reason, NEW.opened_at, NEW.until)
        IS DISTINCT FROM (OLD.user_id, OLD.clinic_id, OLD.record_id, OLD.reason, OLD.opened_at, OLD.until)
        OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW."end") IS DISTINCT FROM (OLD.ended_at, OLD."end"))
        OR (OLD.seen_at IS NOT NULL AND (NEW.seen_at, NEW.seen_by_id) IS DISTINCT FROM (OLD.seen_at, OLD.seen_by_id))
    THEN
        RAISE EXCEPTION 'emergency access % stays as it was', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER emergency_said_stays_said BEFORE UPDATE ON accounts_emergencyaccess
    FOR EACH ROW EXECUTE FUNCTION accounts_keep_emergency();
"""

UNMAKE = """
DROP TRIGGER emergency_said_stays_said ON accounts_emergencyaccess;
DROP FUNCTION accounts_keep_emergency();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_emergency_access")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
