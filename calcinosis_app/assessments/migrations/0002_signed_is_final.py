"""A signed review, its steps and its types are final: the database itself refuses to change them, whoever asks."""

from django.db import migrations

MAKE = """
CREATE FUNCTION assessments_refuse_signed_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL THEN
        RAISE EXCEPTION 'review % is signed and final', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER review_signed_is_final BEFORE UPDATE OR DELETE ON assessments_review
    FOR EACH ROW EXECUTE FUNCTION assessments_refuse_signed_review();

CREATE FUNCTION assessments_refuse_part_of_signed_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed uuid;
BEGIN
    SELECT id INTO signed FROM assessments_review
        WHERE signed_at IS NOT NULL
        AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.review_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.review_id END)
        LIMIT 1;
    IF signed IS NOT NULL THEN
        RAISE EXCEPTION 'review % is signed and final', signed USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER step_of_signed_review_is_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_step
    FOR EACH ROW EXECUTE FUNCTION assessments_refuse_part_of_signed_review();

CREATE TRIGGER type_override_of_signed_review_is_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_typeoverride
    FOR EACH ROW EXECUTE FUNCTION assessments_refuse_part_of_signed_review();
"""

UNMAKE = """
DROP TRIGGER type_override_of_signed_review_is_final ON assessments_typeoverride;
DROP TRIGGER step_of_signed_review_is_final ON assessments_step;
DROP TRIGGER review_signed_is_final ON assessments_review;
DROP FUNCTION assessments_refuse_part_of_signed_review();
DROP FUNCTION assessments_refuse_signed_review();
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_assessments_reviews_steps")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
