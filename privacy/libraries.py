"""Tables that libraries bring: what they hold about people, and why it is readable (docs/adr, library tables)."""

from accounts.personal_data import HASHED, About, PersonalData

_WORDS = "words of the program, the same in every installation"

LIBRARIES = {
    "account.EmailAddress": PersonalData(
        About.MEMBERS, {"email": "sign-in address: the library looks it up as text; volume encryption covers it"}
    ),
    "account.EmailConfirmation": PersonalData(
        About.NOBODY, {"key": "not used: addresses are confirmed by a code that lives in the session"}
    ),
    "admin.LogEntry": PersonalData(
        About.MEMBERS,
        {
            "object_id": "the id of what staff changed",
            "object_repr": "str() of our models gives ids, never names",
            "change_message": "names of the columns changed, not their values",
        },
    ),
    "auth.Group": PersonalData(About.NOBODY, {"name": _WORDS}),
    "auth.Permission": PersonalData(About.NOBODY, {"name": _WORDS, "codename": _WORDS}),
    "contenttypes.ContentType": PersonalData(About.NOBODY, {"app_label": _WORDS, "model": _WORDS}),
    "mfa.Authenticator": PersonalData(
        About.MEMBERS, {"data": "secrets of second steps, sealed under the root key before the library sees them"}
    ),
    "sessions.Session": PersonalData(
        About.MEMBERS,
        {
            "session_key": HASHED.replace("SHA-256 of random", "random"),
            "session_data": "sealed under the root key: accounts.sessions",
        },
    ),
    "usersessions.UserSession": PersonalData(
        About.MEMBERS,
        {
            "ip": "shown to the person in the list of sessions; goes with the session",
            "user_agent": "shown to the person in the list of sessions; goes with the session",
            "session_key": "names the session to end",
            "data": "empty: activity is not tracked",
        },
    ),
}
