"""Sessions in the database, sealed: codes, second steps being set up and forms that wait are nobody's to read there."""

import base64
import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

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

    def _place(self) -> str:
        return f"session|{self.session_key}"
