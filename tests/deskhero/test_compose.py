"""The production shape, checked against the settings and the code it names; no container engine is needed."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store
from django.conf import settings as configured

from deskhero import certificates, secret_files
from deskhero.heartbeat import QUEUES
from tests.deskhero.test_environment import names_settings_read

HOME = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((HOME / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if service["image"].startswith("deskhero:")}
ONE_SHOT = {"certificates", "migrate"}
FROM_OPERATOR = {
    "DESKHERO_URL": "https://desk.example",
    "DESKHERO_HOSTS": "desk.example",
    "EMAIL_HOST": "smtp.example",
    "EMAIL_FROM": "Deskhero <no-reply@desk.example>",
}
OF_THE_IMAGES = {"POSTGRES_USER", "POSTGRES_PASSWORD_FILE", "DATABASE_NAME"}


def filled_in(value: str) -> str:
    """Replace ${NAME:-default} and ${NAME:?why} as compose would with the operator's .env."""
    return re.sub(
        r"\$\{(\w+)(?::([-?])([^}]*))?\}",
        lambda match: FROM_OPERATOR.get(match[1]) or (match[3] if match[2] == "-" else ""),
        value,
    )


def words(command: list[str] | str) -> list[str]:
    return command.split() if isinstance(command, str) else command


def test_every_variable_is_one_the_settings_know() -> None:
    readers = names_settings_read()
    for name in OURS:
        for variable in SERVICES[name].get("environment", {}):
            known = variable in readers
            by_file = variable.endswith("_FILE") and readers.get(variable.removesuffix("_FILE")) == "env_secret"
            assert known or by_file, f"{name}: {variable}"
    for name in set(SERVICES) - OURS:
        assert set(SERVICES[name].get("environment", {})) <= OF_THE_IMAGES, name


def test_every_secret_comes_by_file_and_none_stands_here() -> None:
    secrets = {name for name, reader in names_settings_read().items() if reader == "env_secret"}
    for name, service in SERVICES.items():
        environment = service.get("environment", {})
        assert not secrets & set(environment), name
        for variable, value in environment.items():
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], f"{name}: {variable}"
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
    assert not re.search(r"(?i)password\s*[:=]\s*[\"']?[a-z0-9]{4,}[\"']?$", (HOME / "docker-compose.yml").read_text())


def test_the_secret_files_are_those_that_are_written_and_stay(tmp_path: Path) -> None:
    secret_files.main(tmp_path)
    before = {file.name: file.read_text() for file in tmp_path.iterdir()}
    secret_files.main(tmp_path)

    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == before
    assert set(before) == set(COMPOSE["secrets"])
    assert tmp_path.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", sorted(OURS - {"certificates"}))
def test_production_starts_with_what_each_service_is_given(name: str, tmp_path: Path) -> None:
    secret_files.main(tmp_path)
    given = {key: filled_in(value) for key, value in SERVICES[name]["environment"].items()}
    given = {key: value.replace("/run/secrets", str(tmp_path)) for key, value in given.items()}

    done = subprocess.run(
        [sys.executable, "-c", "import deskhero.settings as s; print(s.DATABASES['vault']['OPTIONS'], s.REDIS_URL)"],
        cwd=HOME,
        env={"PATH": os.environ["PATH"]} | given,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "verify-full" in done.stdout
    assert "/tls/ca/ca.pem" in done.stdout
    assert "rediss://" in done.stdout


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_is_real(name: str) -> None:
    command = [*words(SERVICES[name].get("entrypoint", [])), *words(SERVICES[name].get("command", []))]

    if command[:2] == ["python", "-m"]:
        assert importlib.util.find_spec(command[2]), command
    else:
        assert command[:4] in (["celery", "-A", "deskhero", "worker"], ["celery", "-A", "deskhero", "beat"])
        help_text = subprocess.run(
            [sys.executable, "-m", *command[:4], "--help"], cwd=HOME, capture_output=True, text=True, check=True
        ).stdout
        for option in command[4:]:
            if option.startswith("-"):
                assert re.search(rf"(?<![\w-]){option.split('=')[0]}(?![\w-])", help_text), option


def test_every_queue_has_a_worker_and_every_worker_a_queue() -> None:
    served = [
        queue
        for service in SERVICES.values()
        if "-Q" in words(service.get("command", []))
        for queue in service["command"][service["command"].index("-Q") + 1].split(",")
    ]

    assert sorted(served) == sorted(QUEUES)
    assert sum("beat" in words(service.get("command", [])) for service in SERVICES.values()) == 1


def test_the_servers_speak_tls_only_with_certificates_that_the_first_service_makes() -> None:
    made = {name.split(":")[0] for name in SERVICES["certificates"]["command"]}
    for name in ("postgres", "vault"):
        settings = {
            argument.split("=")[0]: argument.split("=")[1] for argument in SERVICES[name]["command"] if "=" in argument
        }
        assert settings["ssl"] == "on"
        assert settings["ssl_cert_file"] == "/tls/server/cert.pem"
        assert f"{name}-tls:/tls/server:ro" in SERVICES[name]["volumes"]
    for line in COMPOSE["configs"]["pg_hba"]["content"].splitlines():
        assert line.split()[0] == "hostssl" or line.split() == ["local", "all", "all", "peer"]
    redis = dict(line.split(" ", 1) for line in COMPOSE["configs"]["redis"]["content"].splitlines())
    assert (redis["port"], redis["tls-port"]) == ("0", "6379")
    assert made == {"postgres", "vault", "redis"}
    for name in made:
        assert SERVICES[name]["depends_on"]["certificates"]["condition"] == "service_completed_successfully"


def test_images_are_pinned_and_every_lasting_service_has_a_health_check() -> None:
    for name, service in SERVICES.items():
        assert re.search(r":\d+\.\d+", service["image"]), name
        check = service.get("healthcheck", {})
        assert check.get("disable") if name in ONE_SHOT else check.get("test"), name
    for line in (HOME / "Dockerfile").read_text().splitlines():
        if line.startswith("FROM"):
            assert re.search(r"python:\d+\.\d+\.\d+|postgres:\d+\.\d+-", line), line


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_has_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) in ([], ["CHOWN"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] != "0:0" or name == "certificates"
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:"), port


def test_only_what_must_reach_providers_has_a_way_out() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    outside = {name for name, service in SERVICES.items() if "outside" in service.get("networks", [])}
    assert outside == {"web", "worker-sync", "worker-file", "worker-send", "freshclam"}


def test_the_scanner_reads_files_and_has_no_network_and_what_fetches_signatures_has_no_files() -> None:
    scanner, fetching = SERVICES["clamd"], SERVICES["freshclam"]
    told = dict(line.split(" ", 1) for line in COMPOSE["configs"]["clamd"]["content"].splitlines())

    assert scanner["network_mode"] == "none"
    assert "networks" not in scanner
    assert fetching["volumes"] == ["signatures:/var/lib/clamav"]
    assert scanner["profiles"] == fetching["profiles"] == ["scanner"]
    assert (told["AlertExceedsMax"], told["AlertEncrypted"], told["LeaveTemporaryFiles"]) == ("yes", "yes", "no")
    assert any(place.startswith(f"{told['TemporaryDirectory']}:") for place in scanner["tmpfs"])
    for name in ("StreamMaxLength", "MaxFileSize"):
        assert int(told[name].removesuffix("M")) * 1024 * 1024 > configured.MAX_ATTACHMENT_BYTES
    for name in ("web", "worker-file"):
        assert "clamd:/run/clamav:ro" in SERVICES[name]["volumes"]
    assert told["LocalSocket"].startswith("/run/clamav/")


def test_the_image_builds_from_the_lock_with_hashes_and_runs_as_nobody_in_particular() -> None:
    text = (HOME / "Dockerfile").read_text()

    assert "--require-hashes -r requirements/base.txt" in text
    assert "collectstatic" in text
    assert "HEALTHCHECK" in text
    assert re.search(r"^USER \d+:\d+$", text, re.MULTILINE)
    assert all(
        "--hash=sha256:" in block for block in re.split(r"\n(?=\S)", (HOME / "requirements" / "base.txt").read_text())
    )


def test_the_image_has_what_backups_in_a_bucket_need() -> None:
    wanted = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]["optional-dependencies"]["s3"]
    lock = (HOME / "requirements" / "base.txt").read_text()

    assert wanted
    for one in wanted:
        assert re.search(rf"^{re.escape(re.split(r'[~=<>[]', one)[0])}==", lock, re.MULTILINE), one
    assert re.search(r"^boto3==", lock, re.MULTILINE)


def test_a_bucket_of_the_operator_is_where_backups_go_with_keys_from_files(tmp_path: Path) -> None:
    secret_files.main(tmp_path)
    (tmp_path / "bucket_key_id").write_text("id-of-the-key\n")
    (tmp_path / "bucket_key").write_text("the-key\n")
    environment = SERVICES["worker-send"]["environment"]
    given = {key: filled_in(value).replace("/run/secrets", str(tmp_path)) for key, value in environment.items()}
    assert given["DESKHERO_BACKUPS"] == "/backups"  # where .env names none
    bucket = {"DESKHERO_BACKUPS": "s3://desk/copies?endpoint=https://bucket.example"}

    asked = """
import django
django.setup()
from privacy.backups.store import storage
s = storage()
print(type(s).__name__, s.bucket_name, s.location, s.endpoint_url, s.access_key, s.secret_key)
"""
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=HOME,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "deskhero.settings", **given, **bucket},
        capture_output=True,
        text=True,
        check=False,
    )

    said = "BucketStorage desk copies https://bucket.example id-of-the-key the-key"
    assert done.stdout.strip() == said, done.stderr


def test_certificates_are_good_for_their_names_and_stay_until_they_expire(tmp_path: Path) -> None:
    certificates.main([str(tmp_path), "postgres", "redis"])
    first = (tmp_path / "postgres" / "cert.pem").read_bytes()
    certificates.main([str(tmp_path), "postgres", "redis"])

    assert (tmp_path / "postgres" / "cert.pem").read_bytes() == first
    assert (tmp_path / "postgres" / "key.pem").stat().st_mode & 0o777 == 0o600
    authority = x509.load_pem_x509_certificate((tmp_path / "ca" / "ca.pem").read_bytes())
    verifier = PolicyBuilder().store(Store([authority])).build_server_verifier(x509.DNSName("postgres"))
    assert verifier.verify(x509.load_pem_x509_certificate(first), [])


def test_a_new_authority_makes_new_certificates(tmp_path: Path) -> None:
    certificates.main([str(tmp_path), "redis"])
    first = (tmp_path / "redis" / "cert.pem").read_bytes()
    (tmp_path / "authority" / "key.pem").unlink()
    certificates.main([str(tmp_path), "redis"])

    assert (tmp_path / "redis" / "cert.pem").read_bytes() != first
