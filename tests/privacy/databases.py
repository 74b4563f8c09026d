"""Empty databases beside those of the test, and the whole process pointed at them: another machine, in effect."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings as configured
from django.core.files.storage import storages
from django.db import connections
from psycopg import sql

from accounts.sealing.keys import keys
from privacy.backups import postgres

ALIASES = ("default", "vault")


@contextmanager
def new_machine(settings: Any, folder: Path, *, keep_vault: bool = False) -> Iterator[None]:
    """Have empty databases and an empty folder of files; the store, the ledger and the root key are the same."""
    aliases = ALIASES[:1] if keep_vault else ALIASES
    before = {alias: connections[alias].settings_dict["NAME"] for alias in aliases}
    names = {alias: f"{name}_new" for alias, name in before.items()}
    storages_before = settings.STORAGES
    with psycopg.connect(**postgres.parameters_of("default"), autocommit=True) as server:
        for name in names.values():
            postgres.drop(server, name)
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        _point(names)
        settings.STORAGES = storages_before | {
            "default": {**storages_before["default"], "OPTIONS": {"location": folder / "new-files"}}
        }
        try:
            yield
        finally:
            _point(before)
            settings.STORAGES = storages_before
            for name in names.values():
                postgres.drop(server, name)


def _point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    keys.forget()


def environment(folder: Path) -> dict[str, str]:
    """Return what another process needs to see the same machine."""
    import base64
    import os
    from urllib.parse import quote

    from accounts.sealing.keys import root_key

    def url(alias: str) -> str:
        it = postgres.parameters_of(alias)
        return f"postgres://{it['user']}@{quote(it['host'], safe='')}/{it['dbname']}"

    return os.environ | {
        "DESKHERO_DATA": str(folder / "machine"),
        "DESKHERO_BACKUPS": str(storages["backups"].location),  # type: ignore[attr-defined]
        "DESKHERO_LEDGER": str(configured.LEDGER),
        "DESKHERO_LEDGER_COPY": str(configured.LEDGER_COPY),
        "DESKHERO_ROOT_KEY": base64.b64encode(root_key().secret).decode(),
        "DJANGO_SETTINGS_MODULE": "deskhero.settings",
        "DATABASE_URL": url("default"),
        "VAULT_URL": url("vault"),
        "REDIS_URL": configured.REDIS_URL,
    }
