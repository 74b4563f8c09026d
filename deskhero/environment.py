"""How settings are read: one value, one switch, one secret (itself or a file that holds it)."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str = "") -> str:
    """Return the variable, or the default where it is unset or empty."""
    return os.environ.get(name) or default


def env_bool(name: str, default: bool = False) -> bool:
    """Return True for 1, true, yes, on; an unset or empty variable gives the default."""
    value = env(name).lower()
    if not value:
        return default
    if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "true", "yes", "on"}


def env_int(name: str, default: int) -> int:
    """Return the variable as a whole number."""
    try:
        return int(env(name, str(default)))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from None


def env_list(name: str, default: str = "") -> list[str]:
    """Return the comma-separated parts, without blanks."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def env_secret(name: str, default: str = "") -> str:
    """Return NAME, or the content of the file NAME_FILE names; a file that cannot be read stops the start."""
    if value := env(name):
        return value
    if path := env(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from None
    return default


def data_dir() -> Path:
    """Return the folder for everything that is not in a database; on a laptop that includes the servers themselves."""
    return Path(env("DESKHERO_DATA", str(Path(__file__).resolve().parent.parent / ".data"))).resolve()
