"""Certificates for the data protection officer, each judged when it is shown."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.admin_lists import ReadOnlyAdmin, within
from privacy.certificates.checking import check_document
from privacy.certificates.document import as_document
from privacy.certificates.stored import believed, stored_faults
from privacy.models import Certificate, CertificateKey


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    """Every certificate of the installation, each judged when it is shown; the chain on demand."""

    list_display = ["number", "organization_id", "job_id", "issued_at", "verdict", "mailed_at"]
    search_fields = ["=number", "=organization_id", "=job__id"]
    search_help_text = "Number, id of the organization, or id of the job"
    list_filter = [within("issued_at")]
    ordering = ["-number"]
    fields = [
        "number",
        "organization_id",
        "job_id",
        "issued_at",
        "verdict",
        "signed_by",
        "mailed_at",
        "body_digest",
        "said",
    ]
    readonly_fields = ["organization_id", "job_id", "verdict", "signed_by", "said"]
    actions = ["verify_chain"]

    class Media:
        css = {"all": ["css/admin-privacy.css"]}

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Read the keys to believe once for the whole list."""
        self._believed = believed()
        return super().get_changelist_instance(request)

    @admin.display(description="signature")
    def verdict(self, certificate: Certificate) -> SafeString:
        """Verify it now, and say what came out."""
        found = check_document(as_document(certificate), getattr(self, "_believed", None) or believed())
        if found.is_genuine:
            return mark_safe('<span class="verdict good">genuine</span>')
        return format_html('<span class="verdict bad">{}</span> {}', found.verdict.value, " ".join(found.reasons))

    @admin.display(description="signed by")
    def signed_by(self, certificate: Certificate) -> str:
        """Return the fingerprint of the key."""
        return certificate.key.fingerprint

    @admin.display(description="what it says")
    def said(self, certificate: Certificate) -> SafeString:
        """Show the signed content, as its file has it."""
        return format_html('<pre class="said">{}</pre>', json.dumps(certificate.says, indent=2, ensure_ascii=False))

    @admin.action(description="Verify the whole chain", permissions=["view"])
    def verify_chain(self, request: HttpRequest, certificates: QuerySet[Certificate]) -> None:
        """Verify every certificate and that none is missing, whatever was chosen."""
        faults = list(stored_faults(believed()))
        for fault in faults[:20]:
            self.message_user(request, fault, level="ERROR")
        if not faults:
            self.message_user(request, "Every certificate is as it was signed, and the chain is whole.")


@admin.register(CertificateKey)
class CertificateKeyAdmin(ReadOnlyAdmin):
    """The public keys, each with the one that introduced it."""

    list_display = ["fingerprint", "introduced_at", "introduced_by"]
    fields = ["fingerprint", "introduced_at", "introduced_by"]
    ordering = ["-introduced_at"]
