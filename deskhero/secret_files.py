"""`python3 deskhero/secret_files.py [FOLDER]`: write the secrets docker-compose.yml names, each to a file of its own.

What exists stays. It needs the standard library only, so that an operator can run it on a bare host.
"""

import base64
import secrets
import sys
from pathlib import Path

POSTGRES = "postgres://deskhero:{}@{}:5432/{}?sslmode=verify-full&sslrootcert=/tls/ca/ca.pem\n"
REDIS = "rediss://:{}@redis:6379/0?ssl_cert_reqs=required&ssl_ca_certs=/tls/ca/ca.pem\n"
FROM_PROVIDERS = ("google_client_secret", "microsoft_client_secret", "email_password", "bucket_key_id", "bucket_key")


def main(folder: Path) -> None:
    """Write what is missing, and say which files the operator fills in."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)  # the files are readable so that a container's own user can read them; nobody else gets here
    database = _once(folder / "postgres_password", secrets.token_urlsafe(32))
    vault = _once(folder / "vault_password", secrets.token_urlsafe(32))
    queue = _once(folder / "redis_password", secrets.token_urlsafe(32))
    _once(folder / "database_url", POSTGRES.format(database, "postgres", "deskhero"))
    _once(folder / "vault_url", POSTGRES.format(vault, "vault", "deskhero_vault"))
    _once(folder / "redis_url", REDIS.format(queue))
    _once(folder / "secret_key", secrets.token_urlsafe(50))
    _once(folder / "root_key", base64.b64encode(secrets.token_bytes(32)).decode())
    for name in FROM_PROVIDERS:
        if not _once(folder / name, ""):
            print(
                f"{folder / name} is empty: write the value your provider gave you, or leave it if you do not use it."
            )
    print(f"Keep a copy of {folder / 'root_key'} somewhere safe and apart: without it no mail can be read again.")


def _once(file: Path, value: str) -> str:
    if not file.exists():
        file.write_text(value)
        file.chmod(0o644)
    return file.read_text().strip()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "secrets"))
