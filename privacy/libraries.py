"""Tables that libraries bring: what they hold about people, and why it is readable (docs/adr, library tables)."""

from accounts.personal_data import HASHED, SECRET, About, Erased, Origin, PersonalData

_WORDS = "words of the program, the same in every installation"

LIBRARIES = {
    "account.EmailAddress": PersonalData(
        About.MEMBERS,
        {"email": "sign-in address: the library looks it up as text; volume encryption covers it"},
        origin=Origin.ACCOUNT,
    ),
    "account.EmailConfirmation": PersonalData(
        About.NOBODY,
        {"key": "not used: addresses are confirmed by a code that lives in the session"},
        origin=Origin.ACCOUNT,
    ),
    "admin.LogEntry": PersonalData(
        About.MEMBERS,
        {
            "object_id": "the id of what staff changed",
            "object_repr": "str() of our models gives ids, never names",
            "change_message": "names of the columns changed, not their values",
        },
        origin=Origin.USAGE,
    ),
    "auth.Group": PersonalData(About.NOBODY, {"name": _WORDS}, origin=Origin.NONE),
    "auth.Permission": PersonalData(About.NOBODY, {"name": _WORDS, "codename": _WORDS}, origin=Origin.NONE),
    "contenttypes.ContentType": PersonalData(About.NOBODY, {"app_label": _WORDS, "model": _WORDS}, origin=Origin.NONE),
    "mfa.Authenticator": PersonalData(
        About.MEMBERS,
        {"data": "secrets of second steps, sealed under the root key before the library sees them"},
        origin=Origin.ACCOUNT,
        unexported=SECRET,
    ),
    "sessions.Session": PersonalData(
        About.MEMBERS,
        {
            "session_key": HASHED.replace("SHA-256 of random", "random"),
            "session_data": "sealed under the root key: accounts.sessions",
        },
        origin=Origin.USAGE,
        subject="its content, and the row of usersessions.UserSession that names it",
        kept="until it ends, or its person is deleted",
        erased=Erased.DELETED,
        unexported=SECRET,
    ),
    "usersessions.UserSession": PersonalData(
        About.MEMBERS,
        {
            "ip": "shown to the person in the list of sessions; goes with the session",
            "user_agent": "shown to the person in the list of sessions; goes with the session",
            "session_key": "names the session to end",
            "data": "empty: activity is not tracked",
        },
        origin=Origin.USAGE,
    ),
}
