"""The questions by which the database counts rows, in its own words.

What is counted: of each case the newest assessment under each release, and the review of the case under each release that was signed
last. So a case that is assessed again, corrected or not, counts once, with what was said last; practice cases do not count; a merge
moves no case and changes no count. A month is of the calendar of the clinic where the patient is now.
"""

from typing import Final

# Raised when what is counted changes: every share is then counted again.
WAY: Final = "1"

_MONTH: Final = "date_trunc('month', {} AT TIME ZONE c.time_zone)::date"
_OF_PEOPLE: Final = """
    JOIN patients_case AS k ON k.id = a.case_id
    JOIN patients_patient AS p ON p.id = k.patient_id JOIN accounts_clinic AS c ON c.id = p.clinic_id
    WHERE NOT EXISTS (SELECT 1 FROM patients_practice AS x WHERE x.patient_id = p.id)
"""
NEWEST: Final = f"""
    newest AS (
        SELECT DISTINCT ON (a.case_id, a.release_id) a.id, a.release_id, p.clinic_id, {_MONTH.format("a.made_at")} AS month
        FROM assessments_assessment AS a {_OF_PEOPLE} {{narrowed}}
        ORDER BY a.case_id, a.release_id, a.made_at DESC, a.id
    ), signed AS (
        SELECT DISTINCT ON (a.case_id, a.release_id) r.id, a.id AS assessment, a.release_id, p.clinic_id,
            {_MONTH.format("r.signed_at")} AS month
        FROM assessments_review AS r JOIN assessments_assessment AS a ON a.id = r.assessment_id {_OF_PEOPLE}
            AND r.signed_at IS NOT NULL {{narrowed}}
        ORDER BY a.case_id, a.release_id, r.signed_at DESC, r.id
    ), basis AS (
        SELECT release_id, clinic_id, month, sum(one) AS assessed, sum(1 - one) AS signed,
            '{WAY}:' || sum(hashtextextended(one || id::text, 0)::numeric) AS basis
        FROM (SELECT id, release_id, clinic_id, month, 1 AS one FROM newest
              UNION ALL SELECT id, release_id, clinic_id, month, 0 FROM signed) AS counted
        GROUP BY release_id, clinic_id, month
    )
"""  # noqa: S608  # names of our own
# The shares that are missing, no longer right, or of nobody any more; the newest first.
STALE: Final = f"""
    WITH {NEWEST.format(narrowed="")}
    SELECT coalesce(b.release_id, s.release_id), coalesce(b.clinic_id, s.clinic_id), coalesce(b.month, s.month)
    FROM basis AS b FULL JOIN watching_share AS s USING (release_id, clinic_id, month)
    WHERE b.basis IS DISTINCT FROM s.basis ORDER BY 3 DESC, 1 DESC, 2
"""  # noqa: S608  # names of our own
_NARROWED: Final = "AND a.release_id = %(release)s AND p.clinic_id = %(clinic)s"
_HERE: Final = NEWEST.format(narrowed=_NARROWED)
BASIS: Final = f"WITH {_HERE} SELECT assessed, signed, basis FROM basis WHERE month = %(month)s"  # noqa: S608  # names of our own
# Which rows that an option names held for certain: rows.py: held_in.
_HELD: Final = """(
                o ->> 'status' IN ('blocked', 'specialist', 'reason', 'offered')
                OR o ->> 'status' = 'caution' AND (o -> 'needs' = '[]' OR held <> ALL (%(against)s))
                OR o ->> 'status' = 'unassessable' AND held <> ALL (%(against)s))"""
_SAID: Final = """CASE t.decision WHEN 'accept' THEN 'accepted' WHEN 'ordered_already' THEN 'accepted' WHEN 'change' THEN 'changed'
                WHEN 'defer' THEN 'deferred' WHEN 'decline' THEN 'declined' END"""
FIRED: Final = f"""
    WITH {_HERE}, judged AS MATERIALIZED (
        SELECT a.id, a.result::jsonb AS r FROM newest JOIN assessments_assessment AS a USING (id) WHERE month = %(month)s
    ), named (id, row) AS (
        SELECT id, held FROM judged, jsonb_array_elements(r -> 'emergencies') AS e, jsonb_array_elements_text(e -> 'because') AS held
        UNION SELECT id, held FROM judged, jsonb_array_elements(r -> 'lesions') AS l, jsonb_array_elements_text(l -> 'fired') AS held
        UNION SELECT id, held FROM judged, jsonb_array_elements(r -> 'options') AS o, jsonb_array_elements_text(o -> 'because') AS held
            WHERE {_HELD}
        UNION SELECT id, s ->> 'step' FROM judged, jsonb_array_elements(r -> 'steps') AS s
        UNION SELECT id, d ->> 'row' FROM judged, jsonb_array_elements(r -> 'schedule') AS d
    )
    INSERT INTO watching_rowcount (share_id, row, what, reason, cases)
    SELECT %(share)s, row, 'fired', '', count(*) FROM named GROUP BY row
"""  # noqa: S608  # names of our own
# For a row that speaks against an option, taking the option up overrides it and leaving it follows it; for any other it is the reverse.
# A caution that was taken note of is neither.
DECIDED: Final = f"""
    WITH {_HERE}, reviewed AS MATERIALIZED (
        SELECT signed.id, a.result::jsonb AS r FROM signed JOIN assessments_assessment AS a ON a.id = signed.assessment
        WHERE month = %(month)s
    ), decided (id, row, what, reason) AS (
        SELECT v.id, held, CASE
            WHEN held = ANY (%(against)s) OR o ->> 'status' = 'blocked' THEN CASE
                WHEN t.is_override OR (t.decision IN ('accept', 'change') AND o ->> 'status' = 'reason') THEN 'overridden'
                WHEN t.decision IN ('defer', 'decline') THEN 'accepted' END
            ELSE {_SAID}
            END, t.reason_group
        FROM reviewed AS v JOIN assessments_step AS t ON t.review_id = v.id AND t.treatment <> '',
            jsonb_array_elements(r -> 'options') AS o, jsonb_array_elements_text(o -> 'because') AS held
        WHERE o ->> 'treatment' = t.treatment AND coalesce(o ->> 'lesion', '') = t.lesion AND {_HELD}
        UNION
        SELECT v.id, t.row, {_SAID}, t.reason_group
        FROM reviewed AS v JOIN assessments_step AS t ON t.review_id = v.id AND t.row <> ''
        UNION
        SELECT v.id, held, CASE WHEN t.id IS NOT NULL THEN 'overridden' WHEN l ->> 'status' = 'decided' THEN 'accepted' END,
            coalesce(t.reason_group, '')
        FROM reviewed AS v CROSS JOIN jsonb_array_elements(r -> 'lesions') AS l CROSS JOIN jsonb_array_elements_text(l -> 'fired') AS held
            LEFT JOIN assessments_typeoverride AS t ON t.review_id = v.id AND t.lesion = l ->> 'id'
        WHERE t.id IS NOT NULL OR l ->> 'status' = 'decided'
    )
    INSERT INTO watching_rowcount (share_id, row, what, reason, cases)
    SELECT %(share)s, row, what, '', count(DISTINCT id) FROM decided WHERE what IS NOT NULL GROUP BY row, what
    UNION ALL SELECT %(share)s, row, what, reason, count(DISTINCT id) FROM decided
        WHERE what IN ('changed', 'deferred', 'declined', 'overridden') AND reason <> '' GROUP BY row, what, reason
    UNION ALL SELECT %(share)s, row, 'decided', '', count(DISTINCT id) FROM decided GROUP BY row
    UNION ALL SELECT %(share)s, row, 'against', '', count(DISTINCT id) FROM decided WHERE what IN ('declined', 'overridden') GROUP BY row
"""  # noqa: S608  # names of our own
