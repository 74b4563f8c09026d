"""The permissions both providers know, in words for the consent page."""

GOOGLE = "https://www.googleapis.com/auth/"
GOOGLE_IDENTITY = {"openid", "email", "profile", GOOGLE + "userinfo.email", GOOGLE + "userinfo.profile"}
GOOGLE_NAMES = {"email": GOOGLE + "userinfo.email", "profile": GOOGLE + "userinfo.profile"}
GOOGLE_WORDS = {
    GOOGLE + "gmail.readonly": "Read your mail and its settings",
    GOOGLE + "gmail.send": "Send mail in your name",
    GOOGLE + "gmail.modify": "Read, label, write and send your mail",
    GOOGLE + "gmail.compose": "Write drafts and send mail",
    GOOGLE + "gmail.labels": "See and change your labels",
    GOOGLE + "gmail.metadata": "See the headers of your mail, not its text",
    "https://mail.google.com/": "Do anything with your mail, deleting included",
}

MICROSOFT = "https://graph.microsoft.com/"
MICROSOFT_IDENTITY = {"openid", "profile", "email", "offline_access"}
MICROSOFT_WORDS = {
    "User.Read": "See who you are",
    "Mail.Read": "Read your mail",
    "Mail.ReadWrite": "Read, write and change your mail",
    "Mail.Send": "Send mail in your name",
    "Mail.Read.Shared": "Read mail you share with others",
    "Mail.ReadWrite.Shared": "Read and change mail you share with others",
    "Mail.Send.Shared": "Send mail for others who share with you",
    "MailboxSettings.Read": "Read the settings of your mailbox",
}


def short(scope: str) -> str:
    """A Graph permission without the address of its resource."""
    return scope.removeprefix(MICROSOFT)


def is_known(provider: str, scope: str) -> bool:
    """Whether the provider has such a permission."""
    if provider == "google":
        return scope in GOOGLE_IDENTITY or scope in GOOGLE_WORDS
    return short(scope) in MICROSOFT_IDENTITY or short(scope) in MICROSOFT_WORDS


def is_identity(provider: str, scope: str) -> bool:
    """Whether a permission only says who somebody is: it cannot be unticked."""
    return scope in (GOOGLE_IDENTITY if provider == "google" else MICROSOFT_IDENTITY)


def words(provider: str, scope: str) -> str:
    """What a permission allows, for a person."""
    return GOOGLE_WORDS[scope] if provider == "google" else MICROSOFT_WORDS[short(scope)]
