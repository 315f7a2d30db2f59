"""Roles and permissions, written out once more as a table, so that no change goes unnoticed."""

import pytest

from calcinosis_app.accounts import permissions as p
from calcinosis_app.accounts.models import Clinic
from calcinosis_app.accounts.policy import may
from calcinosis_app.accounts.roles import ROLES
from tests.factories.user import make_user

TABLE = """
                   clinician  nurse  curator  approver  administrator
patient_read       yes        yes    no       no        no
patient_write      yes        yes    no       no        no
patient_merge      yes        no     no       no        no
patient_export     yes        no     no       no        no
retention_manage   no         no     no       no        yes
case_write         yes        yes    no       no        no
laboratory_import  yes        yes    no       no        no
assess             yes        no     no       no        no
review_sign        yes        no     no       no        no
override_absolute  no         no     no       no        no
reminder_work      yes        yes    no       no        no
rules_read         yes        yes    yes      yes       yes
rules_edit         no         no     yes      no        no
rules_approve      no         no     no       yes       no
people_manage      no         no     no       no        yes
system_read        no         no     no       no        yes
emergency_read     yes        no     no       no        no
patient_transfer   yes        no     no       no        no
access_watch       yes        no     no       no        yes
"""
HEAD, *LINES = (line.split() for line in TABLE.strip().splitlines())
CELLS = [(role, permission, word == "yes") for permission, *words in LINES for role, word in zip(HEAD, words, strict=True)]


def test_the_table_is_complete() -> None:
    assert {role for role, _, _ in CELLS} == set(ROLES)
    assert {permission for _, permission, _ in CELLS} == p.ALL


@pytest.mark.parametrize("role", HEAD)
def test_a_role_opens_what_the_table_says(riverside: Clinic, role: str) -> None:
    person = make_user("somebody", "Somebody", role, clinic=riverside)

    assert {permission: may(person, permission) for permission in p.ALL} == {
        permission: expected for name, permission, expected in CELLS if name == role
    }


def test_every_role_and_permission_is_explained() -> None:
    assert all(role.sentence.endswith(".") for role in ROLES.values())
    assert set(p.MEANING) == p.ALL


def test_author_and_approver_of_a_rule_are_never_the_same_role() -> None:
    assert not any({p.RULES_EDIT, p.RULES_APPROVE} <= role.permissions for role in ROLES.values())
