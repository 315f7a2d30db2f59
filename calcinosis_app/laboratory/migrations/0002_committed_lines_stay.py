"""Of an import that was committed nothing is deleted, whoever asks: findings came from its lines. A dry run may be thrown away."""

from django.db import migrations

MAKE = """
CREATE FUNCTION laboratory_refuse_committed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM laboratory_import WHERE id = OLD.source_id AND committed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'import % was committed: its lines stay', OLD.source_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION laboratory_refuse_committed_import() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.committed_at IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.committed_at IS DISTINCT FROM OLD.committed_at) THEN
        RAISE EXCEPTION 'import % was committed and stays so', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER line_of_committed_import_stays BEFORE DELETE ON laboratory_line
    FOR EACH ROW EXECUTE FUNCTION laboratory_refuse_committed();

CREATE TRIGGER committed_import_stays BEFORE UPDATE OR DELETE ON laboratory_import
    FOR EACH ROW EXECUTE FUNCTION laboratory_refuse_committed_import();
"""

UNMAKE = """
DROP TRIGGER committed_import_stays ON laboratory_import;
DROP TRIGGER line_of_committed_import_stays ON laboratory_line;
DROP FUNCTION laboratory_refuse_committed_import();
DROP FUNCTION laboratory_refuse_committed();
"""


class Migration(migrations.Migration):
    dependencies = [("laboratory", "0001_imports_lines_mappings")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
