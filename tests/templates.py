"""The databases of the tests are copies: the migrations run once for a run of pytest, not once for each process of it.

Both databases are migrated at the same time. Only on servers of the run's own, which nobody else changes.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connections

PREFIX = "template_"
URLS = {"default": "DATABASE_URL", "vault": "VAULT_URL"}


def copy_from_templates() -> None:
    """Let the test databases be made from templates; whoever comes first makes these, the others wait for them."""
    folder = os.environ.get("DESKHERO_TEST_TEMPLATES")
    if not folder:
        return
    with (Path(folder) / "templates.lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if not file.read():
            _make()
            file.write("made")
            file.flush()
    for alias, variable in URLS.items():
        connections[alias].settings_dict["TEST"]["TEMPLATE"] = _name(variable)


def _name(variable: str) -> str:
    return PREFIX + urlsplit(os.environ[variable]).path.lstrip("/")


def _make() -> None:
    urls = {variable: urlsplit(os.environ[variable]) for variable in URLS.values()}
    for variable, url in urls.items():
        with psycopg.connect(url.geturl(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{_name(variable)}"')
    there = {variable: url._replace(path=f"/{_name(variable)}").geturl() for variable, url in urls.items()}
    environment = {**os.environ, **there, "DJANGO_SETTINGS_MODULE": "deskhero.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--database"]
    home = Path(__file__).parents[1]
    running = [subprocess.Popen([*command, alias], env=environment, cwd=home) for alias in URLS]
    ended = [one.wait() for one in running]
    if any(ended):
        raise RuntimeError("The migrations of the tests' databases failed; their words are above.")
