"""Settings of the tests: the product's own, on servers and in a data folder that no other run shares.

`DESKHERO_TEST_DATA` names a folder to keep between runs (with `pytest --reuse-db`); DATABASE_URL, VAULT_URL and
REDIS_URL name other servers.
"""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from deskhero.embedded import ensure_services
from deskhero.environment import env

_kept = env("DESKHERO_TEST_DATA")
os.environ["DESKHERO_DATA"] = _kept or tempfile.mkdtemp(prefix="deskhero-test-")
_own_database, _own_redis = not env("DATABASE_URL"), not env("REDIS_URL")
if _own_database or _own_redis:
    # No fsync: a test database may be lost. The folder goes when this process has gone, however it went.
    _services = ensure_services(Path(os.environ["DESKHERO_DATA"]), durable=False, ephemeral=not _kept)
    if _own_database:
        os.environ.update(DATABASE_URL=_services.database_url, VAULT_URL=_services.vault_url)
        if not _kept:
            os.environ["DESKHERO_TEST_TEMPLATES"] = os.environ["DESKHERO_DATA"]
    if _own_redis:
        os.environ["REDIS_URL"] = _services.redis_url
if _number := env("PYTEST_XDIST_WORKER").removeprefix("gw"):
    # The processes of one run inherit one Redis; a test that empties its database must not empty its neighbour's.
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{_number}").geturl()

from deskhero.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["tests.hashers.QuickArgon2PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", 9  # the discard port: a test that means to send by SMTP says where to
UNDO_SEND_SECONDS = 0  # what is sent leaves at once, unless a test is about taking it back
