"""Plants words of its own in every input of Deskhero, through the pages, the actions and the tasks people use."""

import gzip
import secrets
import time
from datetime import timedelta
from email.message import EmailMessage
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.actions.grant_access import ask_for_access
from accounts.models import Invitation, Team
from accounts.sealing.digests import name_digest
from accounts.tenancy import organization_scope
from mailbox.models import ConsentRequest, Mailbox, OutboundEmail
from privacy.actions.requests.close_request import refuse_request
from privacy.actions.requests.identity import add_evidence, answer_question, ask_question
from privacy.rights.history import NOBODY
from tests import factories
from tests.cast import sign_in
from tests.guards.world import World, make_world
from tickets.actions.define_field import make_field
from tickets.contacts.history import newest_change
from tickets.models import Contact, CustomField, Message, Tag, Ticket
from tickets.tasks import file_mail, import_contacts

LARGE = 300 * 1024  # more than what is kept with the row, so that the original goes to a file


class Plants(dict[str, str]):
    """What was planted: the name of the input, and its word. Asking for a new name makes its word."""

    def __init__(self) -> None:
        """Remember when planting began."""
        super().__init__()
        self.since = time.time() - 1

    def __missing__(self, name: str) -> str:
        """Make a word that occurs nowhere else, and that no filter takes for a secret or an address."""
        self[name] = f"Kanarie{secrets.token_hex(5)}{''.join(part.capitalize() for part in name.split())}"
        return self[name]

    def address(self, name: str) -> str:
        """Return an address that carries the word."""
        return f"{self[name]}@customer.example".lower()


def plant_everything(plants: Plants) -> World:
    """Fill an organization through its real doors and return it."""
    world = make_world("Acme")
    plant_mailbox(plants, world)
    plant_mail(plants, world)
    plant_desk_work(plants, world)
    plant_people(plants, world)
    plant_contacts(plants, world)
    plant_requests(plants, world)
    plant_trouble(plants, world)
    factories.make_contact(world.organization, name=plants["contact name"], address=plants.address("contact address"))
    return world


def plant_mailbox(plants: Plants, world: World) -> None:
    """A mailbox with its names, tokens and bookmark, and a consent on its way."""
    world.mailbox = factories.make_mailbox(
        world.organization,
        address=plants.address("mailbox address"),
        sender_name=plants["sender name"],
        signature=plants["signature"],
        aliases=[plants.address("alias")],
        acknowledgement=plants["acknowledgement"],
        credentials={"token": plants["access token"], "refresh_token": plants["refresh token"]},
        cursor=plants["cursor"],
    )
    with organization_scope(world.organization):
        for model, kind in ((Team, "team"), (Tag, "tag")):
            name = plants[f"{kind} name"]
            digest = name_digest(world.organization.pk, kind, name)
            model.objects.create(organization=world.organization, name=name, name_digest=digest)
        ConsentRequest.objects.create(
            organization=world.organization,
            provider=Mailbox.Provider.MICROSOFT,
            state_hash=secrets.token_bytes(32),
            session_hash=secrets.token_bytes(32),
            by=world.owner,
            details={"verifier": plants["verifier"], "address": plants.address("announced address")},
            expires_at=timezone.now() + timedelta(hours=1),
        )


def plant_mail(plants: Plants, world: World) -> None:
    """Mails as a provider gives them: plain and HTML with files, a large one, one that answers, one that is broken."""
    mail = EmailMessage()
    mail["From"] = f'"{plants["from name"]}" <{plants.address("from address")}>'
    mail["To"] = f'"{plants["to name"]}" <{plants.address("to address")}>, {world.mailbox.address}'
    mail["Cc"] = f'"{plants["cc name"]}" <{plants.address("cc address")}>'
    mail["Reply-To"] = f'"{plants["reply to name"]}" <{plants.address("reply to address")}>'
    mail["Subject"] = f"About {plants['subject']}"
    mail["Message-ID"] = f"<{plants['message id']}@customer.example>"
    mail["X-Something"] = plants["other header"]
    mail.set_content(f"Good morning,\n\n{plants['plain body']}\n\nOn Monday you wrote:\n> {plants['quoted body']}\n")
    mail.add_alternative(f"<p title='{plants['html attribute']}'>{plants['html body']}</p>", subtype="html")
    mail.add_attachment(f"{plants['text file']}".encode(), "text", "plain", filename=f"{plants['file name']}.txt")
    packed = gzip.compress(plants["compressed file"].encode())
    mail.add_attachment(packed, "application", "gzip", filename="packed.gz")
    _file(world, mail.as_bytes())

    large = EmailMessage()
    large["From"], large["Subject"] = plants.address("from address"), plants["large subject"]
    large.set_content(plants["large body"] + "\n" + "word " * (LARGE // 5))
    _file(world, large.as_bytes())

    answer = EmailMessage()
    answer["From"], answer["Subject"] = plants.address("from address"), f"Re: About {plants['subject']}"
    answer["In-Reply-To"] = f"<{plants['message id']}@customer.example>"
    answer["References"] = f"<{plants['old reference']}@customer.example> <{plants['message id']}@customer.example>"
    answer.set_content(plants["answer body"])
    _file(world, answer.as_bytes())

    _file(
        world,
        b"From: =?utf-9?b?"
        + b"(" * 5000
        + b"\r\nSubject: \xff\xfe "
        + plants["broken mail"].encode()
        + b"\r\n\r\n\x00",
    )


def plant_desk_work(plants: Plants, world: World) -> None:
    """An answer with files, one that is refused, and a note, through the pages."""
    with organization_scope(world.organization):
        ticket = Ticket.objects.exclude(pk__in=[world.ticket.pk, world.linked.pk]).order_by("number").first()
    assert ticket is not None
    client, page = sign_in(Client(), world.agent), f"/{world.organization.slug}/tickets/{ticket.number}/"
    upload = SimpleUploadedFile(f"{plants['uploaded name']}.txt", plants["uploaded file"].encode(), "text/plain")
    large = SimpleUploadedFile("large.txt", (plants["large upload"] + " words" * 600_000).encode(), "text/plain")
    sent = client.post(
        page + "reply/",
        {
            "to": f'"{plants["answer to name"]}" <{plants.address("answer to address")}>',
            "cc": plants.address("answer cc address"),
            "text": f"Dear you,\n\n{plants['written answer']}",
            "files": [upload, large],
        },
    )
    assert sent.status_code == 302, sent.content
    with organization_scope(world.organization):
        assert OutboundEmail.objects.count() == 2
        assert Message.objects.filter(outbound__isnull=False).count() == 2
    other = f"/{world.organization.slug}/tickets/{world.ticket.number}/"  # what is refused stays there as a draft
    refused = client.post(
        other + "reply/", {"to": f"no address {plants['refused answer']}", "text": plants["refused text"]}
    )
    assert refused.status_code == 422
    rich = {"to": plants.address("answer to address"), "html": f"<p><b>{plants['rich text']}</b></p>", "text": "x"}
    later = {"then": "later", "at": (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")}
    assert client.post(page + "reply/", rich | later).status_code == 302
    assert client.post(page + "note/", {"text": plants["note"]}).status_code == 302
    plant_fields(plants, world, client, page)
    assert client.post(page + "note/", {"text": f"@{plants['called name']}, look at this."}).status_code == 302
    assert client.post(page + "claim/").status_code == 200
    draft = {"to": plants["draft recipient"], "text": plants["draft text"], "note": plants["draft note"]}
    drawn = SimpleUploadedFile(f"{plants['draft file name']}.txt", plants["draft file"].encode(), "text/plain")
    assert client.post(page + "draft/", {**draft, "files": drawn}).status_code == 302
    canned = {"name": plants["canned name"], "text": plants["canned text"], "who": "me"}
    enclosed = SimpleUploadedFile(f"{plants['canned file name']}.txt", plants["canned file"].encode(), "text/plain")
    assert client.post(f"/{world.organization.slug}/canned/", {**canned, "files": enclosed}).status_code == 302
    assert client.get(page).status_code == 200
    client.get(f"/{world.organization.slug}/?q={plants['address bar']}")
    view = {"name": plants["saved view"], "view": "open", "priority": "urgent"}
    assert client.post(f"/{world.organization.slug}/views/", view).status_code == 302
    looked = client.post(
        f"/{world.organization.slug}/search/", {"q": f"{plants['searched word']} from:{plants['searched name']}"}
    )
    assert plants["searched word"] in client.get(looked["Location"]).content.decode()


def plant_fields(plants: Plants, world: World, client: Client, page: str) -> None:
    """A custom field with its words, made by an admin, and what an agent fills in; one value that is refused."""
    admin, settings = sign_in(Client(), world.owner), f"/{world.organization.slug}/fields/"
    choice = {"name": plants["field name"], "kind": "choice", "words": plants["field word"]}
    assert admin.post(settings, choice).status_code == 302
    assert admin.post(settings, {"name": "A number", "kind": "number"}).status_code == 302
    with organization_scope(world.organization):
        text, word, number = CustomField.objects.order_by("position", "pk")
    values = {f"v_{text.pk.hex}": plants["field value"], f"v_{word.pk.hex}": plants["field word"]}
    assert client.post(page + "fields/", values).status_code == 302
    refused = {f"v_{number.pk.hex}": plants["refused field value"]}
    assert client.post(page + "fields/", refused).status_code == 422


def plant_people(plants: Plants, world: World) -> None:
    """Names, an invitation, passwords right and wrong, a sign-up that waits for its code."""
    admin = sign_in(Client(), world.owner)
    invited = {"email": plants.address("invited address"), "role": "agent"}
    assert admin.post(f"/{world.organization.slug}/people/invite/", invited).status_code in {200, 302}
    with organization_scope(world.organization):
        assert Invitation.objects.count() == 2
    profile = {"name": plants["own name"], "language": "en", "time_zone": "Europe/Stockholm", "theme": "system"}
    assert admin.post("/account/profile/", profile).status_code == 302
    week = {"from_0": "09:00", "to_0": "17:00", "holidays": f"2026-12-24 {plants['holiday']}"}
    hours = admin.post(f"/{world.organization.slug}/hours/", {"time_zone": "Europe/Stockholm", **week})
    assert hours.status_code == 302
    staff = factories.make_user("staff@operator.example", name=plants["staff name"], is_staff=True)
    ask_for_access(world.organization, purpose="support", reason=plants["grant reason"], hours=1, by=staff)
    new = {"name": plants["sign-up name"], "organization": "Initech", "email": "new@initech.example"}
    assert Client().post("/account/signup/", {**new, "password1": plants["new password"]}).status_code == 302
    wrong = {"login": "olivia@acme.example", "password": plants["wrong password"]}
    assert Client().post("/account/login/", wrong).status_code == 200
    Client().get(f"/account/login/?next=/{plants['next address']}/")


def plant_requests(plants: Plants, world: World) -> None:
    """A request by the public page, with everything that is written in a case while it is answered."""
    asked = {"name": plants["asking name"], "address": plants.address("asking address"), "said": plants["asked"]}
    page = f"/privacy/requests/{world.organization.slug}/"
    assert Client().post(page, {"right": "access", **asked}).status_code == 200
    with organization_scope(world.organization):
        case = world.organization.privacy_requests.order_by("-number").first()
        assert case is not None
        question = ask_question(case, text=plants["question"], is_about_identity=True, by=NOBODY)
        answer_question(question, answer=plants["answer to a question"])
        file = (f"{plants['name of evidence']}.txt", "text/plain", plants["evidence file"].encode())
        add_evidence(case, way="document", is_the_person=True, text=plants["evidence"], file=file)
        refuse_request(case, reason=plants["refusal"], by=NOBODY)


def plant_contacts(plants: Plants, world: World) -> None:
    """A contact with all that people write about one, a company, and files of contacts: one taken in, one waiting."""
    client, page = sign_in(Client(), world.owner), f"/{world.organization.slug}/"
    new = {"name": plants["new contact"], "address": plants.address("new contact address")}
    made = client.post(page + "contacts/new/", new)
    assert made.status_code == 302
    contact = made["Location"]
    with organization_scope(world.organization):
        seen = newest_change(Contact.objects.get(pk=contact.split("/")[-2]))
    edited = {"name": plants["corrected name"], "company": plants["company name"], "seen": seen}
    assert client.post(contact + "edit/", edited).status_code == 302
    assert client.post(contact + "addresses/", {"address": plants.address("second address")}).status_code == 302
    with organization_scope(world.organization):
        field = make_field(subject="contact", kind="text", name=plants["contact field"], by=world.owner)
    assert client.post(contact + "fields/", {f"v_{field.pk.hex}": plants["contact value"]}).status_code == 302
    assert client.post(contact + "notes/", {"text": plants["contact note"]}).status_code == 302
    company = {"name": plants["second company"], "domains": f"{plants['company domain']}.example"}
    assert client.post(page + "companies/new/", company).status_code == 302
    client.post(page + "contacts/", {"q": plants["looked for"]})
    assert client.post(contact + "addresses/", {"address": plants["refused address"]}).status_code == 422
    for which in ("imported", "waiting"):
        row = f"{plants[f'{which} name']},{plants.address(f'{which} address')},{plants[f'{which} note']}"
        file = SimpleUploadedFile(
            f"{plants['name of the file']}.csv", f"Name,E-mail,Note\n{row}\n".encode(), "text/csv"
        )
        there = client.post(page + "contacts/import/", {"file": file})["Location"]
        columns = {"column_0": "name", "column_1": "address", "column_2": "note"}
        assert client.post(there, columns).status_code == 302
        if which == "imported":
            assert client.post(there + "begin/").status_code == 302
            import_contacts(str(world.organization.pk), there.split("/")[-2])


def plant_trouble(plants: Plants, world: World) -> None:
    """Errors that carry text of a mail, in a page and in a task."""
    client = sign_in(Client(raise_request_exception=False), world.agent)
    page = f"/{world.organization.slug}/tickets/{world.ticket.number}/"
    with patch("tickets.views.notes.add_note", side_effect=ValueError(f"cannot store '{plants['error text']}'")):
        assert client.post(page + "note/", {"text": plants["text of a failed form"]}).status_code == 500
    with patch("tickets.tasks.receive_emails", side_effect=ValueError(f"cannot read '{plants['task error']}'")):
        _file(world, f"Subject: {plants['mail that fails']}\r\n\r\n".encode())


def _file(world: World, raw: bytes) -> None:
    email = factories.make_inbound_email(world.mailbox, raw)
    file_mail(str(world.organization.pk), [str(email.pk)])
