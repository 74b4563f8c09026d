"""Backups, drills and the erasure ledger for the data protection officer: to look at, with their dates and proofs."""

import json
from collections import deque
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.admin_lists import ReadOnlyAdmin, within
from privacy.ledger import LedgerFault, verify
from privacy.lines import life_line
from privacy.models import Backup, Drill

SHOWN = 200  # lines of the ledger, the newest


class StageFilter(admin.SimpleListFilter):
    """What has become of a backup."""

    title = "stage"
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("living", "Living"), ("gone", "Deleted, with proof"), ("fault", "Faulty"), ("over", "Over its date")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow the list."""
        if self.value() == "living":
            return queryset.filter(deleted_at=None)
        if self.value() == "gone":
            return queryset.filter(deleted_at__isnull=False)
        if self.value() == "fault":
            return queryset.exclude(fault="")
        if self.value() == "over":
            return queryset.filter(deleted_at=None, expires_at__lt=timezone.now())
        return queryset


@admin.register(Backup)
class BackupAdmin(ReadOnlyAdmin):
    """Every backup with its last day, what verified it, and the proof that it is gone."""

    list_display = ["started_at", "kind", "verdict", "line", "expires_at", "size"]
    list_filter = [StageFilter, "kind", within("started_at")]
    search_fields = ["=id", "=key_reference"]
    fields = [
        "id", "kind", "started_at", "finished_at", "expires_at", "line", "bytes", "sha256", "location", "key_reference",
        "app_version", "ledger_position", "verified_at", "fault", "alarmed_at", "key_destroyed_at", "deleted_at",
        "proof",
    ]  # fmt: skip
    readonly_fields = ["line", "proof"]
    change_list_template = "admin/privacy/backups.html"

    class Media:
        css = {"all": ["css/admin-privacy.css"]}

    @admin.display(description="life", ordering="expires_at")
    def line(self, backup: Backup) -> SafeString:
        """Draw where it stands between its making and its last day."""
        return life_line(backup.started_at, backup.expires_at, backup.deleted_at, timezone.now())

    @admin.display(description="size", ordering="bytes")
    def size(self, backup: Backup) -> str:
        """Return how much it is, in the unit that suits."""
        return filesizeformat(backup.bytes)

    @admin.display(description="state")
    def verdict(self, backup: Backup) -> SafeString:
        """Say what is known of it."""
        if backup.fault:
            return format_html('<span class="verdict bad">{}</span>', backup.fault)
        if backup.deleted_at:
            return mark_safe('<span class="verdict good">gone</span>')
        if backup.expires_at < timezone.now():
            return mark_safe('<span class="verdict bad">over its date</span>')
        if backup.verified_at:
            return mark_safe('<span class="verdict good">verified</span>')
        return mark_safe('<span class="verdict warn">not verified</span>')

    @admin.display(description="proof of absence")
    def proof(self, backup: Backup) -> SafeString:
        """Show what the storage answered when it was asked for what had been deleted."""
        return format_html('<pre class="said">{}</pre>', json.dumps(backup.delete_proof, indent=2))

    def get_urls(self) -> list[URLPattern]:
        """Add the ledger."""
        view = permission_required("privacy.view_backup", raise_exception=True)(self.ledger)
        return [path("ledger/", self.admin_site.admin_view(view), name="privacy_backup_ledger"), *super().get_urls()]

    def ledger(self, request: HttpRequest) -> HttpResponse:
        """Show the newest lines of the erasure ledger, and whether it and its copy are as they were written."""
        try:
            entries, fault = verify(), ""
        except (LedgerFault, OSError) as error:
            entries, fault = [], str(error)
        context = self.admin_site.each_context(request) | {
            "entries": list(deque(entries, maxlen=SHOWN))[::-1],
            "count": len(entries),
            "fault": fault,
            "title": "Erasure ledger",
            "opts": self.model._meta,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/privacy/ledger.html", context)


@admin.register(Drill)
class DrillAdmin(ReadOnlyAdmin):
    """Backups brought back: that it can be done, when it last was, and what came of it."""

    list_display = ["started_at", "purpose", "backup_id", "finished_at", "row_count", "replayed_count", "fault"]
    list_filter = ["purpose", within("started_at")]
    search_fields = ["=id", "=backup__id"]
    fields = [
        "id", "purpose", "backup_id", "started_at", "finished_at", "table_count", "row_count", "replayed_count",
        "fault",
    ]  # fmt: skip
    readonly_fields = ["backup_id"]
