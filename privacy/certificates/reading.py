"""A certificate as people read it: its sentences, on the page and on paper."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from privacy.certificates.names import Name
from privacy.deletion.kinds import Line, lines
from privacy.models import Certificate, DeletionJob

SCOPES = {
    DeletionJob.Scope.MAILBOX: _("Mailbox"),
    DeletionJob.Scope.ORGANIZATION: _("Account"),
    DeletionJob.Scope.CONTACT: _("Person"),
    DeletionJob.Scope.RULE: _("Chosen by a retention rule"),
}
CAUSES = {
    DeletionJob.Cause.DISCONNECTED: _("An admin disconnected the mailbox."),
    DeletionJob.Cause.REVOKED: _("The permission was taken back at the provider."),
    DeletionJob.Cause.CLOSED: _("An owner closed the account."),
    DeletionJob.Cause.REQUESTED: _("A person asked for it."),
    DeletionJob.Cause.RULED: _("A retention rule of the organization."),
}
BEYOND_US = {
    "mailbox_at_provider": _("The mails in the mailbox at the provider: Deskhero never deletes there."),
    "delivered_mail": _("Mails already delivered to others."),
    "own_exports": _("Exports that the organization has made."),
}
HOLD_BASES = {
    "claim": _("Legal claims"),
    "order": _("Order of a court or an authority"),
    "duty": _("A law that asks to keep it"),
    "inquiry": _("An inquiry that is under way"),
}
KEYS = {
    "organization": _("Key of the organization"),
    "digest": _("Key of its look-ups"),
    "mailbox": _("Key of a mailbox"),
    "profile": _("Key of a person's profile"),
}


@dataclass(frozen=True)
class CertificateShown:
    """What a page says of a certificate; read from the signed text, not from the tables."""

    certificate: Certificate
    name: Name | None = None

    @property
    def says(self) -> dict[str, Any]:
        """Return the signed content."""
        return self.certificate.says

    @property
    def scope(self) -> Any:
        """Return what kind of thing was erased."""
        return SCOPES[DeletionJob.Scope(self.says["scope"])]

    @property
    def title(self) -> str:
        """Return what it was called, where that is known and proven, else its id."""
        if self.name is not None and self.name.digest == self.says["name_digest"] and self.name.text:
            return self.name.text
        return str(self.says["target"])

    @property
    def cause(self) -> Any:
        """Return why."""
        return CAUSES[DeletionJob.Cause(self.says["cause"])]

    @property
    def times(self) -> dict[str, datetime | None]:
        """Return its moments."""
        return {name: moment(text) for name, text in self.says["times"].items()}

    @property
    def lines(self) -> list[Line]:
        """Return the counts by kind."""
        return lines(self.says["counts"])

    @property
    def total_before(self) -> int:
        """Return how many records and files there were."""
        return sum(one["before"] for one in self.says["counts"])

    @property
    def total_after(self) -> int:
        """Return how many were left, all of them under a hold."""
        return sum(one["after"] for one in self.says["counts"])

    @property
    def keys(self) -> list[dict[str, Any]]:
        """Return the keys that were destroyed."""
        return [
            one | {"title": KEYS.get(one["kind"], one["kind"]), "at": moment(one["destroyed_at"])}
            for one in self.says["keys_destroyed"]
        ]

    @property
    def held(self) -> list[dict[str, Any]]:
        """Return the holds that kept something out."""
        return [one | {"title": HOLD_BASES.get(one["basis"], one["basis"])} for one in self.says["held"]]

    @property
    def key_copies_gone_by(self) -> datetime | None:
        """Return when no backup can be read any more."""
        return moment(self.says["key_copies_gone_by"])

    @property
    def backups_gone_by(self) -> datetime | None:
        """Return when the last backup with unreadable remains is gone."""
        return moment(self.says["backups_gone_by"])

    @property
    def backup_count(self) -> int:
        """Return how many there are."""
        return len(self.says["backups"])

    @property
    def beyond_us(self) -> list[Any]:
        """Return what Deskhero cannot delete, in sentences."""
        return [BEYOND_US.get(one, one) for one in self.says["not_deleted"]]

    @property
    def fingerprint(self) -> str:
        """Return the name of the key that signed it, in groups that people can compare."""
        text = self.certificate.key.fingerprint
        return " ".join(text[start : start + 4] for start in range(0, len(text), 4))

    @property
    def was_in_time(self) -> bool:
        """Return whether the promise of days was kept."""
        verified, promised = self.times["verified_at"], self.times["promised_by"]
        return bool(verified and promised and verified <= promised)


def moment(text: str | None) -> datetime | None:
    """Return a time of a certificate."""
    return datetime.fromisoformat(text) if text else None
