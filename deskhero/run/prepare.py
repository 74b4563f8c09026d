"""`python -m deskhero.run.prepare`: migrate both databases and collect static files, only what is due."""

import hashlib
import json
import os
from pathlib import Path


def main() -> None:
    """Bring the data folder up to the code's state; a second run finds nothing to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.urls import reverse

    from deskhero.migrate import migrate

    django.setup()
    migrate()
    stamp = settings.STATIC_ROOT / ".collected"
    state = fingerprint(settings.BASE_DIR)
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", interactive=False, clear=stamp.exists(), verbosity=0)
        stamp.write_text(state)
    callbacks = [reverse("oauth_callback", args=[provider]) for provider in ("google", "microsoft")]
    (settings.DATA_DIR / "run" / "callbacks.json").write_text(json.dumps(callbacks))


def fingerprint(base: Path) -> str:
    """Return what changes whenever a static file of ours or a package may have changed."""
    digest = hashlib.sha256((base / "requirements" / "base.txt").read_bytes())
    for file in sorted((base / "static").rglob("*")):
        state = file.stat()
        digest.update(f"{file.relative_to(base)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
