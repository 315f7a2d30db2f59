"""Which part of a release stands on which sheet, and in which columns.

This is all that is known of a release's form. What is not named here travels too: a list of rows on a sheet of its own,
a further key of a row in a further column, anything else on the sheet ``Release``, as JSON where nothing plainer fits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from clinical_rules.exchange.kinds import Kind
from clinical_rules.exchange.paths import Path

READ_ME, RELEASE, COLUMNS, LONG_TEXTS = "Read me", "Release", "Columns", "Long texts"
RESERVED = (READ_ME, RELEASE, COLUMNS, LONG_TEXTS)


@dataclass(frozen=True, slots=True)
class Column:
    """One key of a row.

    ``core``: written even where no row has it. ``each``: the value holds named values, each of which gets a column of that
    kind (``when.phosphate``); ``kind`` is then how the value is written where that cannot be. ``codes``: offered to pick from.
    """

    path: Path
    kind: Kind
    label: str
    core: bool = True
    each: Kind | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one form. ``path`` leads to them, in the content or in the row they belong to."""

    sheet: str
    path: Path
    row: str
    """What one of the rows is called; further sheets name the row they belong to by it."""
    holds: str
    """What the sheet is, in a few words."""
    named: bool = False
    """The rows stand under names instead of in a list."""
    id: Path = ()
    """Where a row of a list has its name."""
    columns: tuple[Column, ...] = ()
    filled: Path = ()
    """Named values that are there although they may be none: a row of a table without a test asks nothing."""
    parts: tuple["Part", ...] = ()
    apart: bool = False
    """One sheet for each row that they belong to."""
    whole: Kind | None = None
    """Each row is one value of this kind."""
    by_name: dict[Path, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.path: column for column in self.columns})

    def column(self, path: Path) -> Column | None:
        """The column at a path, where the layout knows of it."""
        found = self.by_name.get(path)
        if found is None and len(path) > 1:
            spread = self.by_name.get(path[:-1])
            if spread is not None and spread.each is not None:
                return Column(path, spread.each, "")
        return found


def _columns(text: str, *, core: bool) -> Iterator[Column]:
    """Columns from lines of ``path | kind | label | codes``; a kind in brackets is that of each named value."""
    for line in text.strip().splitlines():
        path, kind, label, *codes = (one.strip() for one in line.split("|"))
        plain, _, each = kind.partition("(")
        yield Column(
            tuple(path.split(".")),
            Kind(plain.strip()),
            label,
            core,
            Kind(each.rstrip(")")) if each else None,
            tuple(codes[0].split(", ")) if codes else (),
        )


def columns(core: str, further: str = "") -> tuple[Column, ...]:
    """The columns that are always there, and those that are written where a row has them."""
    return (*_columns(core, core=True), *_columns(further, core=False))


SOURCES = """
sources | list | Sources
seen | yes or no | Figure seen in a source
"""
BASIS = f"""
{SOURCES.strip()}
seen_basis | text | How it was seen
"""
GATE = f"""
row | text | Row
when | tests | When
severity | text | Severity | absolute, relative, caution, info
stage | text | Stage | start, on_treatment, dose_entry
reason | text | Reason
action | text | Action
{BASIS.strip()}
"""

TABLE_ROWS = Part(
    "Table",
    ("row",),
    "row",
    "the rows of one decision table; one column for each fact tested",
    id=("id",),
    filled=("when",),
    apart=True,
    columns=(
        *columns("id | text | Row\nwhen | tests (test) | Tests"),
        *columns("", "then | data (text) | Outcome\nkey | text | Flag\ncondition | text | State\noffer | list | Puts forward"),
        *columns("say | text | Says"),
        *columns(
            "",
            """
            do | text | What to do
            urgency | text | Urgency
            scope | text | Belongs to | patient, lesion
            forward | list | Puts forward
            exclusive | number | Exclusive, in this order
            always | yes or no | Never held back
            expects | tests | Assumed first
            """,
        ),
        *columns(SOURCES),
    ),
)
TABLES = Part(
    "Tables",
    ("tables",),
    "table",
    "the decision tables: hit policy and output",
    named=True,
    columns=columns(
        """
        table | data (text) | Table
        table.key | text | Key
        table.title | text | Title
        table.hit_policy | text | Hit policy | FIRST, UNIQUE, COLLECT, ANY, PRIORITY
        table.output | text | Output
        """
    ),
    parts=(TABLE_ROWS,),
)
TREATMENTS = Part(
    "Treatments",
    ("treatments",),
    "treatment",
    "the treatments",
    named=True,
    columns=columns(
        """
        treatment | data (text) | Treatment
        treatment.row | text | Row
        treatment.id | text | Key
        treatment.name | text | Name
        treatment.category | text | Category
        treatment.phase | text | Phase
        treatment.scope | text | Belongs to | patient, lesion
        treatment.elective | yes or no | Elective
        treatment.specialist | yes or no | Specialist's option
        treatment.specialist_reason | text | Why a specialist's
        treatment.child_specialist | yes or no | In children: a specialist's
        treatment.population | text | Population
        treatment.indication | text | Indication
        treatment.route | text | Route
        treatment.dose | text | Dose
        treatment.time_to_effect | text | Time to effect
        treatment.judge_after_days | number | Judged after, days
        treatment.grade | text | Grade
        treatment.grade_rank | number | Rank of the grade
        treatment.harm_rank | number | Rank of harm
        treatment.ranks_seen | yes or no | Ranks seen in a source
        treatment.sources | list | Sources
        treatment.seen | yes or no | Seen in a source
        treatment.seen_basis | text | How it was seen
        """
    ),
    parts=(
        Part(
            "Gates",
            ("gate",),
            "row",
            "what speaks against a treatment",
            id=("row",),
            columns=columns(GATE, "jurisdictions | list | Only in"),
        ),
        Part("Stops", ("stop",), "row", "what ends or holds a treatment", id=("row",), columns=columns(GATE)),
        Part(
            "Monitoring",
            ("monitoring",),
            "row",
            "what is watched during a treatment",
            id=("row",),
            columns=columns(
                f"""
                row | text | Row
                check | text | Check
                facts | list | Facts
                interval | text | Interval
                severity | text | Severity | absolute, relative, caution, info
                stage | text | Stage | start, on_treatment, dose_entry
                reason | text | Reason
                action | text | Action
                {BASIS.strip()}
                """
            ),
        ),
        Part(
            "Doses",
            ("dose",),
            "row",
            "doses by population",
            id=("row",),
            columns=columns(
                f"row | text | Row\npopulation | text | Population\nroute | text | Route\ntext | text | Dose\n{BASIS.strip()}",
                "display | yes or no | Shown",
            ),
        ),
        Part(
            "Responses",
            ("response",),
            "row",
            "how patients fared in the sources",
            id=("row",),
            columns=columns(f"row | text | Row\noutcome | text | Outcome\nn | text | Patients\ngrade | text | Grade\n{BASIS.strip()}"),
        ),
    ),
)
CODES = Part("", ("codes",), "code", "", id=("code",), columns=columns("code | text | Code\nlabel | text | Label"))
FACTS = Part(
    "Facts",
    ("facts",),
    "fact",
    "what is asked, but for laboratory results, conditions and drugs",
    id=("key",),
    columns=columns(
        """
        key | text | Key
        label | text | Label
        question | text | Question
        kind | text | Kind | number, boolean, code, date
        scope | text | Belongs to | patient, lesion
        section | text | Section
        unit | text | Unit
        units | list | Further units
        precision | number | Decimals
        hard | low and high | Impossible beyond
        soft | low and high | Doubtful beyond
        shelf_life_days | number | Counts for, days
        applies | text | Applies when
        members | list | Covers
        exhaustive | yes or no | Covers all there are
        both | list | True when all of
        true_when | alternatives | True when
        false_when | alternatives | False when
        answer_wins | yes or no | The answer wins
        aliases | list | Other keys
        synonyms | list | Synonyms
        sources | list | Sources
        """
    ),
    parts=(Part("Fact codes", ("codes",), "code", "the codes of coded facts, in order", id=("code",), columns=CODES.columns),),
)
LABORATORY = Part(
    "Laboratory",
    ("laboratory",),
    "result",
    "laboratory results: units, codes and limits",
    id=("key",),
    columns=columns(
        """
        key | text | Key
        name | text | Name
        kind | text | Kind | number
        unit | text | Unit
        precision | number | Decimals
        hard | low and high | Impossible beyond
        specimen | text | Specimen
        loinc | data (text) | LOINC
        loinc.mass | text | LOINC, by mass
        loinc.molar | text | LOINC, molar
        loinc.seen | yes or no | LOINC seen
        loinc.other | data | LOINC, others
        loinc.never | data | LOINC, never taken
        unit_error_hint | text | Likely slip of unit
        aliases | list | Other keys
        synonyms | list | Synonyms
        """
    ),
    parts=(
        Part(
            "Laboratory ranges",
            ("bands",),
            "band",
            "ranges by age and sex, in the unit of the result",
            id=("row",),
            columns=columns(
                f"""
                row | text | Row
                age_days | from and to | Age in days
                sex | text | Sex | any, female, male
                reference | low and high | Range
                critical | low and high | Critical beyond
                soft | low and high | Doubtful beyond
                notes | text | Notes
                {SOURCES.strip()}
                """
            ),
        ),
        Part(
            "Laboratory units",
            ("units",),
            "unit",
            "units, and what a value is multiplied with",
            id=("code",),
            columns=columns("code | text | Unit\nfactor | text | Factor\nspellings | list | Spellings\nnote | text | Note"),
        ),
        Part(
            "Refused units",
            ("refused_units",),
            "unit",
            "units that are not taken, and why",
            columns=columns("spellings | list | Spellings\nsay | text | Says"),
        ),
    ),
)
CONDITIONS = Part(
    "Conditions",
    ("conditions",),
    "condition",
    "diagnoses with codes and synonyms",
    id=("key",),
    columns=columns(
        f"""
        key | text | Key
        label | text | Label
        group | text | Group
        scope | text | Belongs to | patient, lesion
        role | text | Role
        danger | yes or no | Danger
        enterable | yes or no | Can be entered
        predisposes_to | list | Predisposes to
        implies | list | Implies
        confirming | text | What confirms it
        codes | data (text) | Codes
        codes.icd10_who | text | ICD-10 (WHO)
        codes.icd10_cm | text | ICD-10-CM
        codes.snomed | text | SNOMED CT
        snomed_seen | yes or no | SNOMED CT code seen
        synonyms | list | Synonyms
        {SOURCES.strip()}
        """
    ),
)
DRUGS = Part(
    "Drugs",
    ("drugs",),
    "drug",
    "the coded drug list",
    id=("code",),
    columns=columns("code | text | Code\nlabel | text | Label\ngroups | list | Counts as\nsynonyms | list | Synonyms"),
)
DEFINITIONS = Part(
    "Definitions",
    ("definitions",),
    "definition",
    "facts that are worked out of others",
    id=("fact",),
    columns=columns(
        """
        fact | text | Fact
        label | text | Label
        scope | text | Belongs to | patient, lesion
        only_when_sure | yes or no | Only when sure
        after_typing | yes or no | After typing
        asks | list | Asks for
        sources | list | Sources
        """
    ),
    parts=(
        Part("Definitions, any of", ("any",), "line", "a definition holds when one of its lines does", whole=Kind.TESTS),
        Part(
            "Definitions, first of",
            ("first",),
            "line",
            "the first line that holds gives the value",
            columns=columns("when | tests | When\nis | text | Is"),
        ),
        Part("Definition codes", ("codes",), "code", "the codes of defined facts, in order", id=("code",), columns=CODES.columns),
    ),
)
IMPLICATIONS = Part(
    "Implications",
    ("implications",),
    "implication",
    "what follows from what, unless stated otherwise",
    id=("id",),
    columns=columns("id | text | Row\nif | tests | If\nthen | tests | Then"),
)


def _promised(name: str) -> str:
    """What must never, or always, be so."""
    lists = "\n".join(f"{name}.{one} | list | {name.capitalize()}: {one}" for one in ("treatments", "types", "flags", "steps", "marks"))
    return f"{name} | data (data) | {name.capitalize()}\n{lists}\n{name}.status | text | {name.capitalize()}: status"


STATEMENTS = Part(
    "Statements",
    ("statements",),
    "statement",
    "what the release promises of every patient",
    id=("id",),
    columns=(
        *columns("id | text | Row\nrule | text | Rule\nsay | text | Says"),
        *columns("", f"{_promised('never')}\n{_promised('always')}\n{_promised('data')}"),
        *columns("while | tests | While\nunless | alternatives | Unless"),
        *columns("", "anywhere | yes or no | At any lesion\nunless_forwarded | yes or no | Unless put forward\ngrade | text | Grade"),
        *columns(SOURCES),
    ),
)
REFERENCES = Part(
    "References",
    ("references",),
    "reference",
    "the sources",
    id=("key",),
    columns=columns(
        """
        key | text | Key
        authors | text | Authors
        title | text | Title
        journal | text | Journal
        year | number | Year
        kind | text | Kind
        doi_or_pmid | text | DOI or PMID
        note | text | Note
        seen | yes or no | Seen
        """
    ),
)
GRADES = Part(
    "Grades",
    ("grades",),
    "grade",
    "grades of evidence",
    id=("grade",),
    columns=columns("grade | text | Grade\nmeaning | text | Meaning"),
)
FINDING = columns(
    """
    value | number | Value
    unit | text | Unit
    date | text | Date
    flag | text | Flag | normal, high, low
    """,
    """
    comparator | text | Comparator
    low | number | Low
    high | number | High
    state | text | State
    confirmed | yes or no | Confirmed
    """,
)
CASES = Part(
    "Cases",
    ("cases",),
    "case",
    "test cases, and what is expected of each",
    id=("id",),
    columns=columns(
        """
        id | text | Case
        title | text | Title
        on | text | On the day
        patient | data (data) | Patient
        patient.age_years | number | Age in years
        patient.age_days | number | Age in days
        patient.sex | text | Sex
        expected | data (data) | Expected
        expected.run | text | Run
        expected.status | text | Status
        expected.type | text | Type
        expected.leading | text | Leading
        expected.emergencies | list | Emergencies
        expected.marks | list | Marks
        expected.settle_first | text | Settled first by
        expected.note | text | Why
        source | data (text) | Source
        """,
        """
        patient.birth_date | text | Birth date
        patient.note | text | Note on the patient
        expected.acceptable_types | list | Acceptable types
        expected.published_type | text | Published type
        expected.not_offered | list | Not offered
        expected.options | tests | Options
        """,
    ),
    parts=(
        Part("Case findings", ("patient", "findings"), "fact", "what is known of the patient of a case", named=True, columns=FINDING),
        Part(
            "Case lesions",
            ("lesions",),
            "lesion",
            "the lesions of a case",
            id=("id",),
            columns=columns("id | text | Lesion\nlabel | text | Label"),
            parts=(
                Part("Case lesion findings", ("findings",), "fact", "what is known of a lesion of a case", named=True, columns=FINDING),
            ),
        ),
    ),
)
LIST_COLUMNS = columns(
    "row | text | Row",
    f"""
    id | text | Key
    order | number | Order
    step | text | Step
    to | text | To
    urgency | text | Urgency
    within_days | number | Within, days
    cause | text | Cause
    type | text | Type
    disease | text | Disease
    name | text | Name
    use | text | Use
    question | text | Question
    title | text | Title
    treatment | text | Treatment
    condition | text | State
    phase | text | Phase
    what_to_check | text | What to check
    method | text | Method
    interval | text | Interval
    interval_seen | yes or no | Interval seen
    first_due_days | text | First due after, days
    repeat_days | low and high | Repeated after, days
    action_threshold | text | Act when
    action | text | Action
    expectation | text | What is to be expected
    owner_role | text | Who
    priority | number | Priority
    text | text | Text
    when | tests | When
    any | alternatives | When one of
    facts | list | Facts
    treatments | list | Treatments
    for_treatments | list | For treatments
    side_a | text | One side
    sources_a | list | Its sources
    side_b | text | The other side
    sources_b | list | Its sources
    display | text | Shown as
    {BASIS.strip()}
    """,
)
LIST_SHEETS = {
    "follow_up": ("Follow-up", "checks that belong to a treatment or a state"),
    "work_up": ("Work-up", "what is found out first"),
    "causes": ("Causes", "what is done about a cause"),
    "referrals": ("Referrals", "who is asked, and how soon"),
    "advice": ("Advice", "what patients are told"),
    "controversies": ("Controversies", "questions with two sides"),
    "instruments": ("Instruments", "scores and questionnaires"),
}


def list_part(name: str, sheet: str = "", holds: str = "") -> Part:
    """One of the release's lists."""
    known = LIST_SHEETS.get(name)
    return Part(sheet or (known[0] if known else ""), ("lists", name), "row", holds or (known[1] if known else "a list of the release"),
                id=("row",), columns=LIST_COLUMNS)  # fmt: skip


PARTS = (
    TABLES,
    TREATMENTS,
    FACTS,
    LABORATORY,
    CONDITIONS,
    DRUGS,
    DEFINITIONS,
    IMPLICATIONS,
    STATEMENTS,
    *(list_part(name) for name in LIST_SHEETS),
    REFERENCES,
    GRADES,
    CASES,
)
HEAD_LABELS = {
    "number": "Number of the release in this installation",
    "title": "Title",
    "dated": "Date of the text",
    "dossier": "Edition of the dossier",
    "developer": "Developer",
    "funding": "Funding",
    "intended_use": "Intended use",
    "not_for": "Not for",
    "patients": "Patients",
    "evidence": "Evidence",
    "limits": "Limits",
    "jurisdictions": "Jurisdictions",
}
"""What stands on the sheet ``Release``, in this order; the rest follows by name."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A part with what it belongs to, outermost first; ``owner`` is the row that a sheet apart belongs to."""

    part: Part
    above: tuple[Part, ...] = ()
    owner: str = ""

    @property
    def path(self) -> Path:
        """Where the rows stand, without the names of the rows above them; of a sheet apart with the name of its row."""
        steps: list[str] = []
        for one in (*self.above, self.part):
            steps += [self.owner, *one.path] if one.apart else one.path
        return tuple(steps)

    @property
    def links(self) -> tuple[str, ...]:
        """The heads of the columns that say which row above a row belongs to, and its own name where rows are named."""
        above = () if self.part.apart else tuple(f"the {one.row}" for one in self.above)
        return (*above, f"the {self.part.row}") if self.part.named else above


def every(parts: Iterable[Part] = PARTS, above: tuple[Part, ...] = ()) -> Iterator[Placed]:
    """All parts, each before those that belong to its rows."""
    for part in parts:
        yield Placed(part, above)
        yield from every(part.parts, (*above, part))


BY_SHEET = {placed.part.sheet: placed for placed in every() if not placed.part.apart}
BY_PATH = {placed.path: placed for placed in every() if not placed.part.apart}


def placed_at(path: Path) -> Placed | None:
    """The part whose rows stand at this path; a list of rows that nobody described where the path is a new one."""
    if path in BY_PATH:
        return BY_PATH[path]
    if len(path) == 3 and path[0] == "tables" and path[2] == "row":
        return Placed(TABLE_ROWS, (TABLES,), path[1])
    if len(path) == 2 and path[0] == "lists":
        return Placed(list_part(path[1]))
    return Placed(Part("", path, "row", "a part of the release")) if len(path) == 1 else None
