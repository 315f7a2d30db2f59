"""A finding belongs to the patient of its case and to a lesion of its case, and its number is one: held by the database."""

from django.db import migrations

MAKE = """
ALTER TABLE patients_case ADD CONSTRAINT case_with_its_patient UNIQUE (id, patient_id);
ALTER TABLE patients_lesion ADD CONSTRAINT lesion_with_its_case UNIQUE (id, case_id);
ALTER TABLE patients_finding
    ADD CONSTRAINT finding_of_its_cases_patient FOREIGN KEY (case_id, patient_id)
        REFERENCES patients_case (id, patient_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT finding_of_a_lesion_of_its_case FOREIGN KEY (lesion_id, case_id)
        REFERENCES patients_lesion (id, case_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT finding_numbers_are_numbers
        CHECK ('NaN'::numeric NOT IN (coalesce(number, 0), coalesce(low, 0), coalesce(high, 0)));
ALTER TABLE patients_draftentry
    ADD CONSTRAINT draft_of_a_lesion_of_its_case FOREIGN KEY (lesion_id, case_id)
        REFERENCES patients_lesion (id, case_id) DEFERRABLE INITIALLY DEFERRED;
"""

UNMAKE = """
ALTER TABLE patients_draftentry DROP CONSTRAINT draft_of_a_lesion_of_its_case;
ALTER TABLE patients_finding
    DROP CONSTRAINT finding_numbers_are_numbers,
    DROP CONSTRAINT finding_of_a_lesion_of_its_case,
    DROP CONSTRAINT finding_of_its_cases_patient;
ALTER TABLE patients_lesion DROP CONSTRAINT lesion_with_its_case;
ALTER TABLE patients_case DROP CONSTRAINT case_with_its_patient;
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_patients_cases_findings")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
