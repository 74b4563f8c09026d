"""What the mailbox's provider says about who sent a mail. Everybody can write a From; only the provider checks it."""

import re

from mailbox.models import Mailbox
from tickets.mail import ParsedMail
from tickets.mail.signs import Signs
from tickets.mail.spam import provider_results

_FAILED = re.compile(r"\b(?:dmarc|compauth)=fail\b", re.IGNORECASE)
_SPF_FAILED = re.compile(r"\bspf=(?:soft)?fail\b", re.IGNORECASE)
_SIGNED = re.compile(r"\b(?:dkim|dmarc)=pass\b", re.IGNORECASE)
_PASSED = re.compile(r"\bdmarc=(?:pass|bestguesspass)\b", re.IGNORECASE)
_DMARC_FAILED = re.compile(r"\bdmarc=fail\b", re.IGNORECASE)
_POLICY = re.compile(r"\b(?:action|p|dis)=(?:quarantine|o?reject)\b", re.IGNORECASE)


def is_denied(mail: ParsedMail) -> bool:
    """Return whether the provider found that the address in From did not send it, by whatever its domain offers."""
    results = provider_results(Signs(mail))
    if _FAILED.search(results):
        return True
    return bool(_SPF_FAILED.search(results)) and not _SIGNED.search(results)


def is_confirmed(mail: ParsedMail, provider: str) -> bool:
    """Return whether the provider vouches for the address in From.

    Exchange marks mail that never left the company instead; it takes that mark off whatever comes from outside, and
    nobody does so at Google.
    """
    if _PASSED.search(provider_results(Signs(mail))):
        return True
    inside = mail.header("x-ms-exchange-organization-authas").strip().lower() == "internal"
    return provider == Mailbox.Provider.MICROSOFT and inside and not is_denied(mail)


def is_forged(mail: ParsedMail) -> bool:
    """Return whether the domain in From tells everybody to refuse such a mail; a list that breaks a mark is none."""
    results = provider_results(Signs(mail))
    return bool(_DMARC_FAILED.search(results) and _POLICY.search(results))
