"""The one door for changes to people, clinics, links, sessions and tokens."""

from calcinosis_app.accounts.actions.after_restore import note_restore
from calcinosis_app.accounts.actions.emergency import (
    TooManyTries,
    check_tries,
    end_emergency,
    mark_emergency_seen,
    open_emergency,
    refuse_emergency,
)
from calcinosis_app.accounts.actions.emergency_mail import mail_emergencies
from calcinosis_app.accounts.actions.links import (
    ask_for_link,
    become_first_administrator,
    first_administrator_link,
    invite,
    link_for,
    make_link,
    use_link,
)
from calcinosis_app.accounts.actions.mail import mail_links
from calcinosis_app.accounts.actions.passwords import change_password
from calcinosis_app.accounts.actions.people import (
    change_clinic,
    change_person,
    clinic_texts,
    create_clinic,
    create_user,
    deactivate,
    give_role,
    grant_permission,
    person_texts,
    reactivate,
    set_roles,
    take_permission,
)
from calcinosis_app.accounts.actions.second_factor import note_second_factor, remove_second_factors
from calcinosis_app.accounts.actions.sessions import end_session, end_sessions
from calcinosis_app.accounts.actions.sign_in import sign_in_failed, signed_in, signed_out
from calcinosis_app.accounts.actions.tokens import make_token, note_use, revoke_token

__all__ = [
    "TooManyTries",
    "ask_for_link",
    "become_first_administrator",
    "change_clinic",
    "change_password",
    "change_person",
    "check_tries",
    "clinic_texts",
    "create_clinic",
    "create_user",
    "deactivate",
    "end_emergency",
    "end_session",
    "end_sessions",
    "first_administrator_link",
    "give_role",
    "grant_permission",
    "invite",
    "link_for",
    "mail_emergencies",
    "mail_links",
    "make_link",
    "make_token",
    "mark_emergency_seen",
    "note_restore",
    "note_second_factor",
    "note_use",
    "open_emergency",
    "person_texts",
    "reactivate",
    "refuse_emergency",
    "remove_second_factors",
    "revoke_token",
    "set_roles",
    "sign_in_failed",
    "signed_in",
    "signed_out",
    "take_permission",
    "use_link",
]
