"""Mailboxes and mail as the operator sees them: ids, states and counts, never an address or a subject."""

from django.contrib import admin

from accounts.admin_lists import ReadOnlyAdmin
from mailbox.models import InboundEmail, Mailbox, MailboxAuthorization, OutboundEmail


@admin.register(Mailbox)
class MailboxAdmin(ReadOnlyAdmin):
    """How each mailbox fares."""

    list_display = ["id", "organization_id", "provider", "state", "trouble", "trouble_since", "last_success_at"]
    list_filter = ["provider", "state", "trouble"]
    fields = [
        "id", "organization_id", "provider", "state", "trouble", "trouble_code", "trouble_since", "not_before",
        "last_poll_at", "last_success_at", "last_mail_at", "stored_count", "first_sync_days", "epoch",
        "connected_at", "disconnected_at",
    ]  # fmt: skip
    readonly_fields = ["organization_id"]
    search_fields = ["=id", "=organization__slug"]


@admin.register(MailboxAuthorization)
class MailboxAuthorizationAdmin(ReadOnlyAdmin):
    """What was granted, by whom and when, and when it ended."""

    list_display = ["id", "organization_id", "mailbox_id", "at", "ended_at", "revoked_at_provider"]
    list_filter = ["revoked_at_provider", ("ended_at", admin.EmptyFieldListFilter)]
    fields = ["id", "organization_id", "mailbox_id", "scopes", "by_id", "at", "ended_at", "revoked_at_provider"]
    readonly_fields = ["organization_id", "mailbox_id", "by_id"]
    search_fields = ["=mailbox__id"]


@admin.register(InboundEmail)
class InboundEmailAdmin(ReadOnlyAdmin):
    """What arrived, by state."""

    list_display = ["id", "organization_id", "mailbox_id", "state", "size", "attempts", "stored_at", "filed_at"]
    list_filter = ["state"]
    fields = [
        "id",
        "organization_id",
        "mailbox_id",
        "state",
        "size",
        "attempts",
        "received_at",
        "stored_at",
        "filed_at",
    ]
    readonly_fields = ["organization_id", "mailbox_id"]
    search_fields = ["=id", "=mailbox__id"]


@admin.register(OutboundEmail)
class OutboundEmailAdmin(ReadOnlyAdmin):
    """What is to leave or has left, by state."""

    list_display = ["id", "organization_id", "mailbox_id", "state", "failure", "attempts", "queued_at", "sent_at"]
    list_filter = ["state", "failure"]
    fields = [
        "id", "organization_id", "mailbox_id", "state", "failure", "failure_code", "size", "attempts", "queued_at",
        "claimed_at", "not_before", "sent_at",
    ]  # fmt: skip
    readonly_fields = ["organization_id", "mailbox_id"]
    search_fields = ["=id", "=mailbox__id"]
