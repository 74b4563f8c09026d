"""The pages for people, without a browser: write, read, answer, see the headers, take the files."""

import email
import re
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
import requests

from mailbox.simulator.client import Simulator
from tests.simulator.clients import Google, mail

HELP, CAROL = "help@acme.example", "carol@post.example"


class Person:
    """A customer who clicks and types."""

    def __init__(self, simulator: Simulator, address: str = CAROL, name: str = "Carol Lindqvist") -> None:
        self.simulator, self.session = simulator, requests.Session()
        page = self.session.post(f"{simulator.http_url}/people/", data={"name": name, "address": address}, timeout=20)
        self.home = page.url

    def get(self, path: str = "") -> requests.Response:
        return self.session.get(
            self.home + path if not path.startswith("/") else self.simulator.http_url + path, timeout=20
        )

    def write(self, **fields: Any) -> requests.Response:
        files = fields.pop("attachments", None)
        data = {"to": HELP, "subject": "Hello", "text": "Are you open?", **fields}
        return self.session.post(self.home + "write/", data=data, files=files, timeout=20)


@pytest.fixture
def carol(simulator: Simulator) -> Person:
    """Carol, in her mail program."""
    return Person(simulator)


def answered(simulator: Simulator, google: Google, **more: Any) -> None:
    """The company answers Carol's last mail through Gmail."""
    import base64

    question = simulator.inbox(HELP)[-1]
    raw = mail("Re: Hello", to=CAROL, sender=HELP, answers=question.message_id, **more)
    body = {"raw": base64.urlsafe_b64encode(raw).decode(), "threadId": question.thread_id}
    google.service().users().messages().send(userId="me", body=body).execute()


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_first_page_asks_who_one_wants_to_be(simulator: Simulator) -> None:
    page = requests.get(simulator.http_url, timeout=20)

    assert "Who do you want to be?" in page.text
    assert "pretend-edge" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.text
    assert requests.get(simulator.http_url + "/static/css/tokens.css", timeout=20).status_code == 200
    assert requests.get(simulator.http_url + "/static/%2e%2e/pyproject.toml", timeout=20).status_code == 404


def test_a_customer_writes_plain_text_html_and_files(carol: Person, simulator: Simulator) -> None:
    files = [
        ("attachments", ("invoice å.pdf", b"%PDF-1.4", "application/pdf")),
        ("attachments", ("note.txt", b"a note", "text/plain")),
    ]
    assert carol.write(kind="html", text="Är ni öppna?\n<b>", attachments=files).status_code == 200

    message = parsed(simulator.inbox(HELP)[0].raw)

    assert message["From"] == "Carol Lindqvist <carol@post.example>"
    assert message.get_body(("plain",)).get_content().split() == ["Är", "ni", "öppna?", "<b>"]  # type: ignore[union-attr]
    assert "&lt;b&gt;" in message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert [part.get_filename() for part in message.iter_attachments()] == ["invoice å.pdf", "note.txt"]


def test_a_form_without_a_recipient_comes_back_with_what_was_typed(carol: Person) -> None:
    for to in ("", "nobody", "a@b@"):
        page = carol.write(to=to, text="A long text")
        assert page.status_code == 400
        assert "A long text" in page.text


def test_the_answer_of_the_company_stands_in_the_thread_with_its_headers(
    carol: Person, simulator: Simulator, google: Google
) -> None:
    thread = carol.write().url
    answered(
        simulator, google, text="We are.\n\nOn Monday, Carol wrote:\n\n> Are you open?\n", attachment=b"%PDF-1.4 x"
    )

    listed, page = carol.get().text, carol.get(thread.removeprefix(carol.home)).text
    question = simulator.inbox(HELP)[0].message_id.strip("<>")

    assert "Not read" in listed
    assert "We are." in page
    assert page.index("We are.") < page.index("Are you open?")  # newest first
    assert '<blockquote class="plain">On Monday, Carol wrote:' in page
    assert f'data-header="in-reply-to">&lt;{question}&gt;' in page
    assert f'data-header="references">&lt;{question}&gt;' in page
    file = re.search(r'href="(/as/\d+/mail/\d+/file/\d+)"', page)
    assert file
    download = carol.get(file[1])
    assert download.content == b"%PDF-1.4 x"
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert "Not read" not in carol.get().text


@pytest.mark.parametrize(("style", "mark"), [("gmail", "> We are."), ("outlook", "From: "), ("none", "")])
def test_an_answer_of_the_customer_carries_the_thread_and_the_quotation(
    carol: Person, simulator: Simulator, google: Google, style: str, mark: str
) -> None:
    thread = carol.write().url
    answered(simulator, google, text="We are.\n")
    data = {"to": HELP, "subject": "Re: Hello", "text": "Thank you.", "quote_like": style, "kind": "html"}
    page = carol.session.post(thread + "answer/", data=data, timeout=20)

    first, second = (parsed(received.raw) for received in simulator.inbox(HELP))
    answer = simulator.sent(HELP)[0].message_id
    text = second.get_body(("plain",)).get_content()  # type: ignore[union-attr]

    assert page.url == thread  # the same thread
    assert second["In-Reply-To"] == answer
    assert second["References"].split() == [first["Message-ID"], answer]
    assert text.startswith("Thank you.")
    assert mark in text
    assert ("We are." in text) == bool(mark)
    assert simulator.inbox(HELP)[0].thread_id == simulator.inbox(HELP)[1].thread_id


def test_html_mail_lies_in_a_sandboxed_frame(carol: Person, simulator: Simulator) -> None:
    thread = carol.session.post(carol.home + "ready/", data={"company": HELP, "kind": "newsletter"}, timeout=20)
    frame = re.search(r'<iframe[^>]+src="([^"]+)" sandbox="allow-popups"', thread.text)
    assert frame

    html = carol.get(frame[1])

    assert "Three things worth knowing" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "img-src data:" in html.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["question", "newsletter", "away", "files", "bounce", "broken"])
def test_ready_mails_arrive(carol: Person, simulator: Simulator, kind: str) -> None:
    page = carol.session.post(carol.home + "ready/", data={"company": HELP, "kind": kind}, timeout=60)

    assert page.status_code == 200
    assert len(simulator.inbox(HELP)) == 1


def test_an_address_of_a_company_cannot_be_played(simulator: Simulator) -> None:
    page = requests.post(simulator.http_url + "/people/", data={"name": "x", "address": HELP}, timeout=20)

    assert page.status_code == 400
    assert "company" in page.text


def test_delivered_mail_shows_its_author_what_was_written(simulator: Simulator) -> None:
    simulator.deliver(HELP, mail("From the seed"))

    page = requests.get(simulator.http_url, timeout=20)

    assert "Carol" in page.text
    assert "From the seed" in requests.get(page.url + "?folder=sent", timeout=20).text


def test_a_new_mailbox_can_be_made_on_the_consent_page(simulator: Simulator, google: Google) -> None:
    url, _ = google.flow().authorization_url(login_hint="new@acme.example")
    page = simulator.session.get(url)
    assert "has no account here yet" in page.text
    form = {
        "request": url.partition("?")[2],
        "account": "new",
        "new_address": "new@acme.example",
        "new_name": "New",
        "decision": "allow",
        "scope": google.flow().oauth2session.scope,
    }

    back = simulator.session.post(simulator.base_url + "/google/consent", data=form, allow_redirects=False)

    assert "code=" in back.headers["Location"]
    assert "new@acme.example" in [account.address for account in simulator.accounts()]
    nobody = simulator.session.post(
        simulator.base_url + "/google/consent", data={**form, "account": "", "new_address": ""}, allow_redirects=False
    )
    assert nobody.status_code == 400
