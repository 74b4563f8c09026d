"""What sort of mail it is, with a reason an agent can read, and whether a machine may answer it."""

from collections.abc import Collection

from tickets.mail.automatic import automatic_answer, notice, robot
from tickets.mail.bounces import read_delivery, read_disposition
from tickets.mail.calendar_answers import calendar_answer
from tickets.mail.model import BounceInfo, Classification, ParsedMail
from tickets.mail.originals import original_message_id
from tickets.mail.reasons import why
from tickets.mail.signs import Signs
from tickets.mail.spam import is_unconfirmed, verdict

HOPS = 40  # Received lines; a mail that passed more servers goes round in a circle
MARKER = "x-deskhero-marker"
_LIST_HEADERS = (
    "list-id", "list-post", "list-unsubscribe", "list-help", "list-archive", "x-mailing-list", "mailing-list", "x-list",
    "x-ml-name", "x-mlserver", "x-campaignid", "x-campaign", "x-campaign-id", "x-mailman-version", "feedback-id",
    "x-mc-user", "x-newsletter",
)  # fmt: skip
_FEEDBACK_TYPES = ("message/feedback-report",)
_OLD_FEEDBACK = b"x-hmxmroriginalrecipient"  # Hotmail reports with nothing but the mail complained of


def classify(mail: ParsedMail, own_addresses: Collection[str] = ()) -> Classification:
    """Return kind, reason and whether an automatic answer is allowed; `own_addresses` are those of our mailboxes."""
    signs = Signs(mail)
    own = {address.lower() for address in own_addresses}
    return (
        _report(signs)
        or _round_trip(signs, own)
        or _automatic(signs)
        or _distributed(signs)
        or _notice(signs)
        or _unwanted(signs)
        or _person(signs, own)
    )


def _found(kind: str, reason: str, bounce: BounceInfo | None = None, *, automatic: bool = False) -> Classification:
    """Return a sort of mail that must never be answered automatically."""
    return Classification(kind, reason, False, bounce, automatic)


def _report(signs: Signs) -> Classification | None:
    if _is_complaint(signs):
        info = BounceInfo(permanent=False, message_id=original_message_id(signs))
        return _found("abuse", "It is a complaint about a mail (feedback loop).", info, automatic=True)
    if found := read_disposition(signs) or read_delivery(signs):
        kind, info = found
        return _found(kind, why(kind, info), info, automatic=kind != "bounce")
    if reason := calendar_answer(signs):
        return _found("receipt", reason, BounceInfo(permanent=False, message_id=original_message_id(signs)))
    return None


def _is_complaint(signs: Signs) -> bool:
    mail = signs.mail
    if mail.report_type == "feedback-report" or "x-xarf" in signs.values:
        return True
    if any(part.content_type in _FEEDBACK_TYPES for part in mail.attachments):
        return True
    return any(
        a.content_type == "message/rfc822" and _OLD_FEEDBACK in a.content[:3000].lower() for a in mail.attachments[:2]
    )


def _round_trip(signs: Signs, own: set[str]) -> Classification | None:
    mail = signs.mail
    if MARKER in signs.values:
        return _found("loop", "It is a mail of ours that came back.")
    if len(signs.values.get("received", ())) > HOPS:
        return _found("loop", f"It passed more than {HOPS} mail servers.")
    loops = {address.strip().lower() for value in signs.values.get("x-loop", ()) for address in value.split(",")}
    if loops & own:
        return _found("loop", "Its X-Loop header names one of our addresses.")
    if mail.from_ and mail.from_.email.lower() in own:
        if reason := verdict(signs):
            return _found("spam", reason)
        if is_unconfirmed(signs):
            return _found(
                "own", "It names one of our own addresses as its sender, which the provider could not confirm."
            )
        return _found("own", "It was sent from one of our own addresses.")
    return None


def _automatic(signs: Signs) -> Classification | None:
    found = automatic_answer(signs)
    return _found(*found, automatic=True) if found else None


def _distributed(signs: Signs) -> Classification | None:
    header = next((name for name in _LIST_HEADERS if name in signs.values), "")
    precedence = signs.word("precedence") or signs.word("x-precedence")
    # People write on lists, and such a mail names its list; bulk and junk are sent by programs.
    automatic = precedence in ("bulk", "junk") or (precedence == "list" and not header) or bool(notice(signs))
    if header:
        return _found("list", f"It came through a list or newsletter ({header.title()}).", automatic=automatic)
    if precedence in ("list", "bulk", "junk"):
        return _found("list", f"Its header says Precedence: {precedence}.", automatic=True)
    return None


def _notice(signs: Signs) -> Classification | None:
    if reason := notice(signs):
        return _found("notice", reason, automatic=True)
    if (reason := verdict(signs)) or not (robbed := robot(signs)):
        return _found("spam", reason) if reason else None
    return _found("notice", robbed)


def _unwanted(signs: Signs) -> Classification | None:
    reason = verdict(signs)
    return _found("spam", reason) if reason else None


def _person(signs: Signs, own: set[str]) -> Classification:
    mail = signs.mail
    if mail.from_ is None:
        return _found("human", "It names no sender.")
    if signs.is_machine or signs.is_postmaster:
        return _found("human", "It has no return path, or a mail server's.")
    suppress = signs.first("x-auto-response-suppress").lower()
    if suppress not in ("", "none"):
        return _found("human", "Its sender asks for no automatic answers.")
    if any(person.email.lower() in own for person in mail.reply_to):
        return _found("human", "Its Reply-To is one of our own addresses.")
    return Classification("human", "A person wrote it, as far as its headers tell.", True)
