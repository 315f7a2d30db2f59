"""Keys by which look-alikes are found, and what a merge may never be: held by the database.

The keys are functions of the rows themselves, kept in indexes, so that they cannot grow stale. They need no extension: not every
PostgreSQL that the product runs on brings one. `patients/alike.py` folds names in the same way; a test compares the two.

`is_merged` and `not_merged` exist for the foreign key alone: a patient is merged into one of the same clinic that is not merged itself.
"""

from django.db import migrations

MAKE = r"""
CREATE FUNCTION patients_fold(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT replace(replace(replace(replace(
        translate(
            replace(replace(replace(replace(
                regexp_replace(normalize(lower(name), NFKD), '[\u0300-\u036f]', '', 'g'),
            'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
        'øđðłı', 'oddli'),
    'ae', 'a'), 'oe', 'o'), 'ue', 'u'), 'aa', 'a')
$$;

CREATE FUNCTION patients_name_key(family text, given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_to_string(ARRAY(
        SELECT word FROM regexp_split_to_table(
            public.patients_fold(family || ' ' || given), '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a0\u2010-\u2019\u02bc]+'
        ) AS word
        WHERE word <> '' ORDER BY word COLLATE "C"
    ), ' ')
$$;

CREATE FUNCTION patients_number_key(number text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(
        regexp_replace(regexp_replace(normalize(lower(number), NFKD), '[\u0300-\u036f]', '', 'g'), '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a0\u2010-\u2019]+', '', 'g'),
        '(^|[^0-9])0+(?=[0-9])', '\1', 'g'
    )
$$;

CREATE INDEX patient_by_name_key ON patients_patient (clinic_id, patients_name_key(family_name, given_name));
CREATE INDEX patient_by_number_key ON patients_patient (clinic_id, patients_number_key(number));

ALTER TABLE patients_patient
    ADD COLUMN is_merged boolean GENERATED ALWAYS AS (merged_into_id IS NOT NULL) STORED,
    ADD COLUMN not_merged boolean GENERATED ALWAYS AS (false) STORED;
ALTER TABLE patients_patient ADD CONSTRAINT patient_with_its_clinic_and_standing UNIQUE (id, clinic_id, is_merged);
ALTER TABLE patients_patient ADD CONSTRAINT patient_merged_into_a_survivor_of_its_clinic
    FOREIGN KEY (merged_into_id, clinic_id, not_merged) REFERENCES patients_patient (id, clinic_id, is_merged);
"""

UNMAKE = """
ALTER TABLE patients_patient DROP CONSTRAINT patient_merged_into_a_survivor_of_its_clinic;
ALTER TABLE patients_patient DROP CONSTRAINT patient_with_its_clinic_and_standing;
ALTER TABLE patients_patient DROP COLUMN not_merged, DROP COLUMN is_merged;
DROP INDEX patient_by_number_key;
DROP INDEX patient_by_name_key;
DROP FUNCTION patients_number_key(text);
DROP FUNCTION patients_name_key(text, text);
DROP FUNCTION patients_fold(text);
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0009_merged_patients")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
