"""Bringing in what is new: stored raw, with the bookmark, before anybody tries to understand it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from accounts.suppression import provider_ids_suppressed
from accounts.tenancy import organization_scope
from mailbox.actions.note_health import note_failure, note_success
from mailbox.leases import only_one
from mailbox.models import InboundEmail, Mailbox
from mailbox.models.inbound import IMPORTED
from mailbox.providers import provider_for
from mailbox.providers.base import (
    ApplicationRefused,
    AuthorizationExpired,
    CursorExpired,
    FetchedEmail,
    MailProvider,
    MailProviderError,
    Page,
    RemoteEmail,
    TemporaryProviderError,
)
from mailbox.signals import mail_arrived
from mailbox.unwanted import unwanted

RUN_SECONDS = 240  # then the task is queued anew, so that a first sync holds no worker for an hour
BATCH_MAILS, BATCH_BYTES = 25, 4 * 1024 * 1024  # what one transaction stores; a larger mail is a batch of its own
OVERLAP = timedelta(days=1)  # how far a resync reaches behind the newest mail that was stored
FAILURES_IN_A_ROW = 3  # mails that cannot be loaded before the provider itself is taken to be down


@dataclass(frozen=True, slots=True)
class Synced:
    """What one run did: how many mails it stored, and whether more waits."""

    stored: int = 0
    more: bool = False


class _NoLongerOurs(Exception):
    """The mailbox was disconnected meanwhile: what was fetched is dropped."""


def due_mailboxes() -> Iterator[UUID]:
    """Yield the mailboxes of the open scope that may be asked now."""
    due = Mailbox.objects.active().filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))
    yield from due.order_by("pk").values_list("pk", flat=True)


def sync_mailbox(organization_id: UUID, mailbox_id: UUID, *, at_once: bool = False) -> Synced:
    """Store what came since the bookmark, and move the bookmark in the same transaction as the last of it.

    Never twice at the same time for a mailbox. A mail is stored once, whatever is repeated. A failure is remembered on
    the mailbox, not raised, and the bookmark stays, so that nothing is lost. `at_once` does not wait for a back-off.
    """
    with only_one(mailbox_id) as mine:
        mailbox = _begin(organization_id, mailbox_id, at_once=at_once) if mine else None
        if mailbox is None:
            return Synced()
        try:
            with closing(provider_for(mailbox)) as provider:
                return _Run(mailbox, provider).go()
        except _NoLongerOurs:
            return Synced()
        except MailProviderError as error:
            note_failure(mailbox, error)
            return Synced()
        except Exception as error:
            note_failure(mailbox, error)
            raise


def _begin(organization_id: UUID, mailbox_id: UUID, *, at_once: bool) -> Mailbox | None:
    now = timezone.now()
    with organization_scope(organization_id):
        mailbox = Mailbox.objects.active().filter(pk=mailbox_id).first()
        if mailbox is None or (mailbox.not_before and mailbox.not_before > now and not at_once):
            return None
        Mailbox.objects.filter(pk=mailbox_id).update(last_poll_at=now)
        return mailbox


class _Run:
    """One sync of one mailbox; its epoch is that of the beginning."""

    def __init__(self, mailbox: Mailbox, provider: MailProvider) -> None:
        self.mailbox, self.provider, self.epoch = mailbox, provider, mailbox.epoch
        self.until = time.monotonic() + RUN_SECONDS
        self.stored = 0

    def go(self) -> Synced:
        page = self._page()
        batch: list[FetchedEmail] = []
        try:
            for mail in self._loaded(page.emails):
                if len(batch) >= BATCH_MAILS or sum(len(m.raw) for m in batch) + len(mail.raw) > BATCH_BYTES:
                    self._store(batch)
                    batch.clear()
                batch.append(mail)
                del mail
                if time.monotonic() > self.until:
                    self._store(batch)
                    return Synced(self.stored, more=True)
        except MailProviderError:
            self._store(batch)  # what came through is kept; the bookmark waits
            raise
        self._store(batch, cursor=page.cursor)
        return Synced(self.stored)

    def _page(self) -> Page:
        first_days = timedelta(days=self.mailbox.first_sync_days)
        if not self.mailbox.cursor:
            return self.provider.begin(self.mailbox.connected_at - first_days)
        try:
            return self.provider.fetch(self.mailbox.cursor)
        except CursorExpired:
            with organization_scope(self.mailbox.organization_id):
                emails = InboundEmail.objects.filter(mailbox=self.mailbox).exclude(provider_id__startswith=IMPORTED)
                newest: datetime | None = emails.aggregate(at=Max("received_at"))["at"]
            start = self.mailbox.connected_at - first_days
            return self.provider.begin(max(newest - OVERLAP, start) if newest else start)

    def _loaded(self, emails: Sequence[RemoteEmail]) -> Iterator[FetchedEmail]:
        """Yield the mails that are not stored yet, one in memory at a time; one that fails does not stop the others."""
        failed: MailProviderError | None = None
        in_a_row = 0
        known = self._known([email.provider_id for email in emails])
        for email in emails:
            if email.provider_id in known:
                continue
            try:
                mail = self.provider.load(email)
            except (AuthorizationExpired, ApplicationRefused):
                raise
            except MailProviderError as error:
                failed, in_a_row = failed or error, in_a_row + 1
                if in_a_row >= FAILURES_IN_A_ROW or (isinstance(error, TemporaryProviderError) and error.throttled):
                    raise
                continue
            in_a_row = 0
            if mail is not None:
                yield mail
        if failed is not None:
            raise failed

    def _known(self, provider_ids: list[str]) -> set[str]:
        known: set[str] = set()
        with organization_scope(self.mailbox.organization_id):
            for start in range(0, len(provider_ids), 1000):
                stored = InboundEmail.objects.filter(
                    mailbox=self.mailbox, provider_id__in=provider_ids[start : start + 1000]
                )
                known.update(stored.values_list("provider_id", flat=True))
            # What was erased here is not even fetched again.
            known |= provider_ids_suppressed(
                self.mailbox.organization_id, bytes(self.mailbox.address_digest), set(provider_ids) - known
            )
        return known

    def _store(self, batch: Sequence[FetchedEmail], *, cursor: str | None = None) -> None:
        """Store a batch in one transaction; with a cursor, that moves too, and the run has reached the end."""
        if not batch and cursor is None:
            return
        files: list[InboundEmail] = []
        try:
            with organization_scope(self.mailbox.organization_id):
                row = Mailbox.objects.select_for_update().get(pk=self.mailbox.pk)
                if row.epoch != self.epoch or not row.is_active:
                    raise _NoLongerOurs
                emails = self._rows(batch, files)
                InboundEmail.objects.bulk_create(emails)
                self._count(row, emails, cursor)
                if emails:
                    mail_arrived.send(
                        sender=InboundEmail,
                        organization_id=row.organization_id,
                        email_ids=[email.pk for email in emails],
                    )
        except BaseException:
            for email in files:
                email.raw_file.delete()
            raise
        self.stored += len(emails)

    def _rows(self, batch: Sequence[FetchedEmail], files: list[InboundEmail]) -> list[InboundEmail]:
        ids = [mail.provider_id for mail in batch]
        stored = InboundEmail.objects.filter(mailbox=self.mailbox, provider_id__in=ids)
        known = set(stored.values_list("provider_id", flat=True)) | unwanted(self.mailbox, batch)
        emails = []
        for mail in batch:
            if mail.provider_id in known:
                continue
            known.add(mail.provider_id)
            email = InboundEmail(
                organization_id=self.mailbox.organization_id,
                mailbox_id=self.mailbox.pk,
                provider_id=mail.provider_id,
                provider_thread_id=mail.thread_id,
                received_at=mail.received_at,
            )
            email.keep_raw(mail.raw)
            if email.raw_inline is None:
                files.append(email)
            emails.append(email)
        return emails

    def _count(self, row: Mailbox, emails: Sequence[InboundEmail], cursor: str | None) -> None:
        now = timezone.now()
        fields = []
        if emails:
            row.stored_count += len(emails)
            row.last_mail_at = now
            fields += ["stored_count", "last_mail_at"]
        if cursor is not None:
            row.cursor = cursor
            note_success(row, at=now)
            fields += ["cursor", "last_success_at", "trouble", "trouble_code", "trouble_since", "not_before"]
        row.save(update_fields=fields)
