"""The process: certificates, a restart, its end, and the mail that comes over SMTP."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from mailbox.simulator.client import Delivery, Simulator
from mailbox.simulator.process import SimulatorDidNotStart, running_simulator
from tests.simulator.clients import CALLBACK, Google, Microsoft, mail

HELP = "help@acme.example"


@pytest.mark.filterwarnings("ignore:response_mode")
def test_a_restart_keeps_accounts_mail_and_grants(tmp_path: Path) -> None:
    with running_simulator(tmp_path, [CALLBACK]) as first:
        first.create_account("google", HELP, "Acme")
        first.create_account("microsoft", "support@acme.example", "Acme")
        key = first.deliver(HELP, mail())
        credentials, microsoft = Google(first).consent(), Microsoft(first)
        microsoft.consent()
        link = microsoft.sign_in().get("/me/mailFolders/inbox/messages/delta").json()["@odata.deltaLink"]
        authority = (tmp_path / "ca.pem").read_bytes()
        port = int(first.base_url.rpartition(":")[2])

    with running_simulator(tmp_path, [CALLBACK], https_port=port) as second:
        google = Google(second)
        credentials.refresh(google.request())

        assert google.service(credentials).users().messages().get(userId="me", id=key).execute()["id"] == key
        assert (tmp_path / "ca.pem").read_bytes() == authority
        assert microsoft.get(link).json()["value"] == []


def test_a_port_that_is_taken_is_told(tmp_path: Path, simulator: Simulator) -> None:
    port = int(simulator.base_url.rpartition(":")[2])

    with (
        pytest.raises(SimulatorDidNotStart, match="could not listen"),
        running_simulator(tmp_path, [], https_port=port),
    ):
        pass


def test_it_ends_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time\n"
        "from mailbox.simulator.process import running_simulator\n"
        f"with running_simulator({str(tmp_path)!r}, []) as s:\n"
        "    print(s.http_url, flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        assert requests.get(url, timeout=10).status_code == 200
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            requests.get(url, timeout=2)
        except requests.ConnectionError:
            return
        time.sleep(0.1)
    pytest.fail("the simulator outlived its parent")


def test_the_bundle_trusts_the_system_and_the_simulator(simulator: Simulator) -> None:
    bundle = Path(simulator.ca_bundle).read_bytes()
    authority = Path(simulator.ca_bundle).with_name("ca.pem").read_bytes()

    assert authority in bundle
    assert bundle.count(b"BEGIN CERTIFICATE") > 10
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(simulator.base_url, timeout=10)
    assert Path(simulator.ca_bundle).with_name("ca.key").stat().st_mode & 0o077 == 0


def test_service_mail_is_kept_for_each_recipient(simulator: Simulator) -> None:
    text = "Subject: =?utf-8?q?Din_kod_=C3=A4r_klar?=\r\n\r\nYour code: 123456 at https://desk.example/x.\r\n"
    with smtplib.SMTP("127.0.0.1", simulator.smtp_port) as smtp:
        smtp.sendmail("no-reply@desk.example", ["alice@acme.example", "bob@acme.example"], text)

    (received,) = simulator.service_mail("Alice@acme.example")
    page = requests.get(f"{simulator.http_url}/service-mail/{received.id}/", timeout=10).text

    assert (received.subject, received.sender) == ("Din kod är klar", "no-reply@desk.example")
    assert "123456" in received.text
    assert '<a href="https://desk.example/x">' in page
    assert len(simulator.service_mail()) == 2


def test_sixty_mails_are_delivered_and_listed_quickly(simulator: Simulator) -> None:
    start = time.monotonic()
    simulator.deliver_all(
        Delivery(HELP, mail(f"No {number}", message_id=f"<{number}@post.example>")) for number in range(60)
    )

    assert len(simulator.inbox(HELP)) == 60
    assert time.monotonic() - start < 30  # a ceiling for a hang; it takes a quarter of a second
