"""Old mail from files, filed as history: the same way as new mail, and nothing is ever sent for it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.bulk import insert_many
from accounts.errors import ActionRefused
from accounts.sealing.digests import digest
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox
from mailbox.models.inbound import IMPORTED
from mailbox.providers.base import FetchedEmail
from mailbox.unwanted import unwanted
from tickets.actions.receive import Filed, file_incoming
from tickets.answering import AUTOMATIC
from tickets.archives.sources import Source
from tickets.filing.brake import Brake
from tickets.filing.incoming import Incoming
from tickets.filing.known import Known
from tickets.filing.ours import Ours
from tickets.filing.turn import serialize_filing
from tickets.mail import ParsedMail
from tickets.mail.dates import parse_date
from tickets.models import Message, Ticket

ERASED = "It was erased here, and is not taken in again."
_LINE_END = re.compile(rb"\r\n?")


@dataclass(frozen=True)
class Imported:
    """What became of one mail, as `import_mail --json` prints it."""

    id: str
    ticket: int | None = None
    new: bool = False
    direction: str = Message.Direction.INBOUND.value
    auto_reply: bool = False
    bounce: bool = False
    may_autorespond: bool = False
    reopened: bool = False
    quarantined: bool = False
    error: str | None = None


class Importer:
    """Files batches of old mail into one mailbox, as history.

    A batch is one transaction, so an import that was killed can be run again: what is here already is found by its
    content, whichever file or provider it came from.
    """

    def __init__(self, mailbox: Mailbox) -> None:
        """Remember whose mail it is."""
        self.mailbox_id, self.organization_id = mailbox.pk, mailbox.organization_id
        self._brake = Brake()

    def take(self, batch: Sequence[Source]) -> list[Imported]:
        """File these mails in their order, and return what became of each; one that fails takes no other with it."""
        with organization_scope(self.organization_id):
            serialize_filing(self.organization_id)
            mailbox = Mailbox.objects.connected().select_related("organization").filter(pk=self.mailbox_id).first()
            if mailbox is None:
                raise ActionRefused(_("The mailbox was disconnected, so nothing more is imported into it."))
            ours = Ours.of(self.organization_id)
            filed = iter(self._filed([one for one in batch if not one.error], mailbox, ours))
            done = [(one, None if one.error else next(filed)) for one in batch]
            numbers = _numbers([one for _, one in done if one])
            return [
                _told(source, one, numbers) if one else Imported(source.id, error=source.error) for source, one in done
            ]

    def close_old(self) -> int:
        """Close what was imported here and is older than the reopen window, and return how many tickets that were.

        A ticket in which the desk itself wrote, or to which new mail came, is left as it is.
        """
        with organization_scope(self.organization_id):
            mailbox = Mailbox.objects.select_related("organization").get(pk=self.mailbox_id)
            long_ago = timezone.now() - timedelta(days=mailbox.organization.reopen_days)
            messages = Message.objects.filter(ticket=OuterRef("pk"))
            imported = messages.filter(inbound__mailbox=mailbox, inbound__provider_id__startswith=IMPORTED)
            tickets = Ticket.objects.exclude(state=Ticket.State.CLOSED).filter(
                Exists(imported),
                ~Exists(messages.exclude(inbound__provider_id__startswith=IMPORTED)),
                last_activity_at__lt=long_ago,
            )
            return tickets.update(state=Ticket.State.CLOSED, closed_at=F("last_activity_at"))

    def _filed(self, batch: Sequence[Source], mailbox: Mailbox, ours: Ours) -> list[Filed]:
        ids = [_provider_id(self.organization_id, one.raw) for one in batch]
        here = {one.provider_id: one for one in InboundEmail.objects.filter(mailbox=mailbox, provider_id__in=set(ids))}
        new: dict[str, Incoming] = {}
        for source, provider_id in zip(batch, ids, strict=True):
            if provider_id not in here and provider_id not in new:
                new[provider_id] = _read(source, provider_id, mailbox, ours)
        erased = _erased_before(mailbox, new, {key: one.raw for key, one in zip(ids, batch, strict=True)})
        again = {provider_id: Incoming.read(email, ours) for provider_id, email in here.items()}
        filed = self._filed_together(list(new.values())) or self._filed_one_by_one(list(new.values()), ours)
        done = dict(zip([*new, *again], [*filed, *_known_before(list(again.values()))], strict=True)) | erased
        return [_told_once(done, provider_id) for provider_id in ids]

    def _filed_together(self, batch: list[Incoming]) -> list[Filed]:
        try:
            return _store_and_file(batch, self._brake)
        except Exception:  # noqa: BLE001 - one of them, so each is tried alone
            self._brake = Brake()  # it counted what was rolled back
            return []

    def _filed_one_by_one(self, batch: list[Incoming], ours: Ours) -> list[Filed]:
        filed = []
        for incoming in batch:
            email = incoming.email
            try:
                filed += _store_and_file([incoming], self._brake)
            except Exception as error:  # noqa: BLE001 - it is kept with its original, as new mail is
                reason = f"It could not be filed ({type(error).__name__})."
                unreadable = Incoming.unreadable(email, ours, reason)
                filed += _store_and_file([unreadable], Brake())
        return filed


@transaction.atomic
def _store_and_file(batch: list[Incoming], brake: Brake) -> list[Filed]:
    insert_many([incoming.email for incoming in batch])
    return file_incoming(batch, brake)


def _read(source: Source, provider_id: str, mailbox: Mailbox, ours: Ours) -> Incoming:
    email = InboundEmail(
        organization=mailbox.organization, mailbox=mailbox, provider_id=provider_id, received_at=timezone.now()
    )
    email.keep_raw(source.raw)
    incoming = Incoming.read(email, ours)
    email.received_at = _time_of(incoming.mail, source)
    return incoming


def _erased_before(mailbox: Mailbox, new: dict[str, Incoming], raws: dict[str, bytes]) -> dict[str, Filed]:
    """Take out of `new` what was erased here before, and return it; nothing of it is stored."""
    mails = [FetchedEmail(key, "", incoming.email.received_at, raws[key]) for key, incoming in new.items()]
    erased = {}
    for key in unwanted(mailbox, mails):
        incoming = new.pop(key)
        incoming.email.reason = ERASED
        if incoming.email.raw_inline is None:
            incoming.email.raw_file.delete()
        erased[key] = Filed(incoming, None)
    return erased


def _provider_id(organization_id: UUID, raw: bytes) -> str:
    """Return what stands for the provider's id: the same bytes give the same, whatever their line ends."""
    plain = _LINE_END.sub(b"\n", raw).rstrip(b"\n")
    return IMPORTED + digest(organization_id, "imported", hashlib.sha256(plain).hexdigest()).hex()


def _time_of(mail: ParsedMail, source: Source) -> datetime:
    """Return when it was written: its date, else when a server took it, else what its mbox file says, or now."""
    received = mail.header("received").rpartition(";")[2]
    line = source.line.decode("ascii", "replace").split(maxsplit=2)
    found = mail.date or parse_date(received) or (parse_date(line[2]) if len(line) == 3 else None)
    return min(found or timezone.now(), timezone.now())


def _told_once(done: dict[str, Filed], provider_id: str) -> Filed:
    """Return what became of a mail; whoever asks for the same mail again hears that it was here before."""
    filed = done[provider_id]
    done[provider_id] = Filed(filed.incoming, filed.message)
    return filed


def _known_before(batch: list[Incoming]) -> list[Filed]:
    """Return where mails are that were stored by an earlier import."""
    if not batch:
        return []
    messages = Message.objects.filter(inbound__in=[incoming.email.pk for incoming in batch])
    own = {message.inbound_id: message for message in messages}
    known = Known(batch, Brake())
    return [
        Filed(incoming, own.get(incoming.email.pk) or known.own_answer(incoming) or known.twin_of(incoming))
        for incoming in batch
    ]


def _numbers(filed: Sequence[Filed]) -> dict[UUID, int]:
    ids = {one.message.ticket_id for one in filed if one.message}
    return dict(Ticket.objects.filter(pk__in=ids).values_list("pk", "number"))


def _is_automatic(filed: Filed) -> bool:
    """Return whether a program wrote it by itself, as parse_mail says it; of an answer of ours, as it was filed."""
    message = filed.message
    return message.kind == AUTOMATIC if message and message.is_outbound else filed.incoming.classification.automatic


def _told(source: Source, filed: Filed, numbers: dict[UUID, int]) -> Imported:
    incoming, message = filed.incoming, filed.message
    kind = incoming.classification
    is_answer = message.is_outbound if message else incoming.is_answer
    quarantined = incoming.email.state == InboundEmail.State.QUARANTINED
    return Imported(
        id=source.id,
        ticket=numbers.get(message.ticket_id) if message else None,
        new=filed.opened,
        direction=(Message.Direction.OUTBOUND if is_answer else Message.Direction.INBOUND).value,
        auto_reply=_is_automatic(filed),
        bounce=kind.kind == "bounce",
        may_autorespond=bool(message and message.may_autorespond),
        reopened=filed.reopened,
        quarantined=quarantined,
        error=(incoming.mail.error or incoming.email.reason) if quarantined else _erased(incoming),
    )


def _erased(incoming: Incoming) -> str | None:
    return ERASED if incoming.email.reason == ERASED else None
