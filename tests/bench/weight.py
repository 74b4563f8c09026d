"""Weight: `python -m tests.bench.weight` prints what pages weigh on the wire and processes in memory."""

import json
import os
import shutil
import time
from datetime import timedelta
from typing import Any

import django

BIG = 25 * 1024 * 1024 * 3 // 4  # of attachment; base64 makes 25 MB of it


def main() -> None:
    """Measure, and print one JSON object."""
    django.setup()
    from accounts.models import Membership
    from tests.bench.pages import long_tickets, session_of
    from tests.bench.servers import get, memory, web
    from tests.bench.world import SLUG

    agent = Membership.objects.select_related("user", "organization").filter(organization__slug=SLUG, role="agent")[0]
    cookie = session_of(agent)
    queue, ticket = f"/{SLUG}/", f"/{SLUG}/tickets/{long_tickets()[0]}/"
    with web(dict(os.environ)) as (port, process):
        for number in range(60):
            get(port, (queue, ticket)[number % 2], cookie)
        found: dict[str, Any] = {"web_memory": memory(process)}
        if browser := shutil.which("chromium"):
            found |= on_the_wire(browser, port, cookie, queue, ticket)
    found |= worker_memory()
    print(json.dumps(found))


def on_the_wire(browser: str, port: int, cookie: str, queue: str, ticket: str) -> dict[str, float]:
    """Return kilobytes, requests and layout shift of a first visit and of the next pages, as Chromium counts them."""
    from playwright.sync_api import sync_playwright

    name, _, value = cookie.partition("=")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        context = chromium.new_context(viewport={"width": 1366, "height": 860})
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        received: list[float] = []
        session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        weights = {}
        visits = (("first_load", queue), ("first_ticket", ticket), ("queue_after", queue), ("ticket_after", ticket))
        for step, path in visits:
            received.clear()
            page.goto(f"http://127.0.0.1:{port}{path}", wait_until="load")
            page.wait_for_timeout(700)
            weights[f"{step}_kb"] = sum(received) / 1024
            weights[f"{step}_requests"] = sum(size > 0 for size in received)  # what a cache had costs nothing
            weights[f"{step}_shift"] = page.evaluate(
                "() => new Promise(done => { let sum = 0; new PerformanceObserver(list => { for (const e of"
                " list.getEntries()) sum += e.value }).observe({type: 'layout-shift', buffered: true});"
                " setTimeout(() => done(sum), 100) })"
            )
        chromium.close()
    return weights


def worker_memory() -> dict[str, float]:
    """Return what a worker weighs after 200 mails, and how much more a mail of 25 MB takes at its peak."""
    from mailbox.models import InboundEmail, Mailbox
    from tests.bench.ingest import store
    from tests.bench.mails import stream
    from tests.bench.servers import memory, peak, worker
    from tickets.tasks import file_mail

    mailbox = Mailbox.objects.select_related("organization").order_by("pk").first()
    assert mailbox is not None
    with worker(dict(os.environ)) as process:
        raws = list(stream(200, to=mailbox.address, seed=int(time.time())))
        ids = store(mailbox, raws, 0)
        file_mail.delay(str(mailbox.organization_id), ids)
        _wait(InboundEmail, ids)
        usual, before = memory(process), peak(process)
        ids = store(mailbox, [_big_mail(mailbox.address)], 0)
        file_mail.delay(str(mailbox.organization_id), ids)
        _wait(InboundEmail, ids)
        return {"worker_memory": usual, "big_mail_memory": max(0.0, peak(process) - before)}


def _big_mail(to: str) -> bytes:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Anna <anna@people.example>", to, "A film"
    mail["Message-ID"] = f"<big.{time.time_ns()}@people.example>"
    mail.set_content("Here it is.")
    mail.add_attachment(os.urandom(BIG), "video", "mp4", filename="film.mp4")
    return mail.as_bytes()


def _wait(model: Any, ids: list[str]) -> None:
    end = time.monotonic() + timedelta(seconds=120).total_seconds()
    while model.objects.filter(pk__in=ids, state="stored").exists():
        if time.monotonic() > end:
            raise SystemExit("The worker did not file the mail.")
        time.sleep(0.05)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
