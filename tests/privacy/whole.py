"""The whole of what is kept, for tests of deletion: as the database has it, and opened with keys put aside."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection

from accounts.models import User
from accounts.sealing.errors import SealingError
from accounts.sealing.fields import sealed_fields
from accounts.sealing.keys import keys
from accounts.tenancy.owned import Owned
from accounts.vault.models import VaultKey
from privacy import kin
from privacy.declarations import declaration
from privacy.deletion.erasing import with_file
from tests.guards.leaks import Scanner


def owned_models() -> list[type]:
    """Return the models whose rows belong to an organization."""
    return [model for model in kin.all_models() if issubclass(model, Owned)]


def print_of(organization_id: UUID) -> dict[str, str]:
    """Return a fingerprint of every row, key and file of an organization, byte for byte, table by table."""
    found = {}
    with connection.cursor() as cursor:
        for model in owned_models():
            table = model._meta.db_table
            cursor.execute(
                f"SELECT md5(COALESCE(string_agg(t::text, '|' ORDER BY id), '')) FROM {table} t"  # noqa: S608 - ours
                " WHERE organization_id = %s",
                [organization_id],
            )
            found[table] = cursor.fetchone()[0]
        cursor.execute(
            "SELECT md5(string_agg(d::text, '|' ORDER BY id)) FROM tickets_searchdocument d WHERE organization_id = %s",
            [organization_id],
        )
        found["search"] = cursor.fetchone()[0]
        cursor.execute(
            "SELECT md5(string_agg(u::text, '|' ORDER BY u.id)) FROM accounts_user u"
            " JOIN accounts_membership m ON m.user_id = u.id WHERE m.organization_id = %s",
            [organization_id],
        )
        found["people"] = cursor.fetchone()[0]
    vault = VaultKey.objects.filter(organization=organization_id).order_by("pk")
    found["keys"] = str(list(vault.values_list("pk", "destroyed_at")))
    found["files"] = str([(path.name, _digest(path)) for path in files_of(organization_id)])
    return found


def files_of(organization_id: UUID) -> list[Path]:
    """Return the files of an organization."""
    folder = Path(default_storage.path(str(organization_id)))
    return sorted(path for path in folder.rglob("*") if path.is_file())


def put_aside() -> list[VaultKey]:
    """Return a copy of every key, as a backup of the vault from before would have it."""
    return list(VaultKey.objects.all())


def bring_back(aside: list[VaultKey]) -> None:
    """Put the keys back, so that whatever was left could be opened."""
    for row in aside:
        VaultKey.objects.update_or_create(
            pk=row.pk,
            defaults={
                **{name: getattr(row, name) for name in ("kind", "organization", "scope", "version")},
                **{name: getattr(row, name) for name in ("wrapped", "wrapped_by", "destroyed_at")},
            },
        )
    keys.forget()


def scan_opened(scanner: Scanner) -> int:
    """Search everything sealed that is left, opened; return how many values there were."""
    count = 0
    for where, value in _opened():
        count += 1
        scanner.scan(where, value)
    return count


def _opened() -> Iterator[tuple[str, bytes]]:
    for model in kin.all_models():
        for row in model._base_manager.all():
            for field in sealed_fields(model):
                try:
                    yield f"{model._meta.label}.{field.name}", str(getattr(row, field.attname)).encode()
                except SealingError:
                    continue  # another test's key
        data = declaration(model)
        for name in data.files if data else ():
            for row in with_file(model, name):
                if getattr(row, name).exists():  # what was imported is gone already
                    yield f"{model._meta.label}.{name}", b"".join(getattr(row, name).read())


def sign_ins() -> set[str]:
    """Return every address that signs in."""
    return set(User.objects.values_list("email", flat=True))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
