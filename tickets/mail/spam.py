"""What the mailbox's provider thinks of a mail. Only its own verdict counts: everybody can write such headers."""

import re

from tickets.mail.signs import Signs

_PROVIDER = re.compile(r"(?:^|\.)(?:google\.com|outlook\.com|office365\.com|microsoft\.com)$")
_BY = re.compile(r"\bby\s{1,3}([^\s;()]{1,255})", re.IGNORECASE)
_INTERNAL = re.compile(r"[\d.]{7,15}|[0-9a-f:.]{2,45}", re.IGNORECASE)
_MICROSOFT = re.compile(r"\s*(?:spf|dkim|dmarc|compauth|arc)=", re.IGNORECASE)
_DMARC_FAILED = re.compile(r"\bdmarc=fail\b", re.IGNORECASE)
_STRICT = re.compile(
    r"\baction=(?:quarantine|oreject|reject)\b|\bp=(?:quarantine|reject)\b|\bdis=(?:quarantine|reject)\b", re.IGNORECASE
)
_FILTERED = re.compile(r"\bSFV:(?:SPM|SKS|SKB)\b")
_CATEGORIES = (
    (re.compile(r"\bCAT:(?:PHSH|HPHISH|HPHSH)\b"), "The provider takes it for phishing."),
    (re.compile(r"\bCAT:(?:SPOOF|UIMP|DIMP|GIMP)\b"), "The provider takes its sender for forged."),
    (re.compile(r"\bCAT:(?:MALW|AMP|SAP)\b"), "The provider found something harmful in it."),
    (re.compile(r"\bCAT:(?:SPM|HSPM)\b"), "The provider rates it as spam."),
)
_MARKS = ("x-spam-flag", "x-spam-status", "x-ses-spam-verdict")


def provider_results(signs: Signs) -> str:
    """Return the Authentication-Results that the provider wrote, or nothing.

    They are the topmost, and no other server's Received line stands above them: what is below one came with the mail.
    """
    for name, value in signs.mail.headers:
        lower = name.lower()
        if lower == "received" and not _is_providers(_BY.search(value[:2000])):
            return ""
        if lower == "authentication-results":
            server = value.partition(";")[0].strip().lower().split(" ")[0]
            return value if _PROVIDER.search(server) or _MICROSOFT.match(value) else ""
    return ""


def verdict(signs: Signs) -> str:
    """Return why a mail is likely spam, as a sentence, or nothing."""
    level = signs.first("x-ms-exchange-organization-scl")
    if level.isdecimal() and int(level) >= 5:
        return f"The provider rates it as spam (level {int(level)})."
    report = signs.first("x-forefront-antispam-report")
    for pattern, reason in _CATEGORIES:
        if pattern.search(report):
            return reason
    if _FILTERED.search(report):
        return "The provider rates it as spam."
    if any(signs.first(name).lower().startswith(("yes", "true", "fail")) for name in _MARKS):
        return "A spam filter on its way marked it."
    results = provider_results(signs)
    if _DMARC_FAILED.search(results) and _STRICT.search(results):
        return "Its sender's domain says that such mail is forged (DMARC)."
    return ""


def is_unconfirmed(signs: Signs) -> bool:
    """Tell whether the provider looked, and could not confirm that the mail comes from where it says."""
    return bool(_DMARC_FAILED.search(provider_results(signs)))


def _is_providers(by: re.Match[str] | None) -> bool:
    host = by[1].lower().rstrip(".") if by else ""
    return bool(_PROVIDER.search(host) or _INTERNAL.fullmatch(host))
