"""Sessions in the database, sealed: codes, second steps being set up and forms that wait are nobody's to read there."""

import base64
import json
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.prepared import prepared
from accounts.sealing.envelope import seal, unseal_under_root
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import root_key


class SessionStore(DatabaseSessionStore):
    """A session sealed under the root key and bound to its own key; one that does not open is an empty one."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Seal the content."""
        data = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(seal(root_key(), self._place(), data, compress=True)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Open the content."""
        try:
            opened: dict[str, Any] = json.loads(unseal_under_root(self._place(), base64.b64decode(session_data)))
        except (SealingError, ValueError):
            return {}
        return opened

    def _get_session_from_db(self) -> Any:
        """Return the row that is still good, or None; every request asks."""
        found = prepared("session", [self.session_key or "", timezone.now()], _session)
        if not found:
            self._session_key = None
            return None
        return found[0]

    def _place(self) -> str:
        return f"session|{self.session_key}"


def _session(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)[:1]
