"""`python -m deskhero.healthcheck web | worker QUEUE... | beat FILE`: what a container engine asks; exits 0 or 1."""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

BEAT_SECONDS = 600  # beat writes its file every three minutes


def main(arguments: list[str]) -> int:
    """Return 0 when the part does its work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    part, *details = arguments
    healthy = {"web": _web, "worker": _worker, "beat": _beat}[part](details)
    return 0 if healthy else 1


def _web(details: list[str]) -> bool:
    """Ask the server of this container by the name people use, so that host checking lets it through."""
    from django.conf import settings

    port = details[0] if details else "8000"
    headers = {"Host": urlsplit(settings.URL).netloc, "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _worker(queues: list[str]) -> bool:
    import redis

    from deskhero.heartbeat import silent_queues

    try:
        return not set(queues) & set(silent_queues())
    except redis.RedisError:
        return False


def _beat(details: list[str]) -> bool:
    files = list(Path(details[0]).parent.glob(Path(details[0]).name + "*"))
    return any(time.time() - file.stat().st_mtime < BEAT_SECONDS for file in files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
