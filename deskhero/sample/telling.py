"""Telling a company's stories: each step happens at its moment, through the same doors as in real life."""

from email import message_from_bytes, policy
from email.utils import formataddr

from accounts.models import Membership
from accounts.sealing.digests import message_id_digest
from accounts.tenancy import organization_scope
from deskhero.sample.clients import Earlier
from deskhero.sample.clock import at, tell_simulator
from deskhero.sample.progress import Progress
from deskhero.sample.stories import Address, Company, Step, Story
from deskhero.sample.writing import Thread, message_id_of, write_bounce, write_mail
from mailbox.actions.sync_mailbox import sync_mailbox
from mailbox.models import Mailbox
from mailbox.simulator.client import SentMail, Simulator
from tickets.actions.assign import assign_ticket
from tickets.actions.close import close_ticket
from tickets.actions.note import add_note
from tickets.actions.prioritize import set_priority
from tickets.actions.reply import send_reply
from tickets.actions.set_fields import set_fields
from tickets.actions.tag import tag_ticket
from tickets.models import CustomField, Message, Ticket


class StoryStopped(Exception):
    """A step did not lead to what the story says; the text says which."""


class Teller:
    """One company's stories, with what is known of each thread so far."""

    def __init__(
        self,
        company: Company,
        *,
        simulator: Simulator,
        members: dict[str, Membership],
        mailboxes: dict[str, Mailbox],
        progress: Progress,
    ) -> None:
        """Take the stage; nothing happens yet."""
        self.company, self.simulator, self.members, self.mailboxes = company, simulator, members, mailboxes
        self.organization = next(iter(members.values())).organization
        self.progress = progress
        self.threads: dict[str, Thread] = {}
        self.first_mails: dict[str, str] = {}

    def tell(self, steps: list[Step]) -> int:
        """Do the steps that were not done before, in order; return how many."""
        for number, step in enumerate(steps):
            is_new = number >= self.progress.done
            if is_new:
                tell_simulator(self.simulator, step.moment)
                with at(step.moment):
                    self._do(step)
                self.progress.advance()
            else:
                self._recall(step)
        return max(0, len(steps) - self.progress.started_with)

    def _do(self, step: Step) -> None:
        if step.is_bounce:
            sent = self._last_sent(step)
            self._arrive(step, write_bounce(step, self._address(step.story), sent.raw, step.moment))
        elif not step.by:
            self._arrive(step, self._write(step))
        else:
            self._act(step, self.members[step.by])

    def _act(self, step: Step, by: Membership) -> None:
        with organization_scope(self.organization):
            ticket = self._ticket(step.story)
            if step.details.get("take") and ticket.assignee_id is None:
                assign_ticket(ticket, to=by, by=by)
            if step.details.get("assign"):
                assign_ticket(ticket, to=self.members[step.details["assign"]], by=by)
            if step.details.get("priority"):
                set_priority(ticket, priority=Ticket.Priority[step.details["priority"].upper()], by=by)
            if step.details.get("fields"):
                self._set_fields(ticket, step.details["fields"], by)
            if step.details.get("note"):
                add_note(ticket, text=step.details["note"], by=by)
            if step.text:
                to, cc = step.story.sender, [_parsed(person) for person in step.story.cc]
                send_reply(ticket, text=step.text, to=[to], cc=cc, by=by, close=bool(step.details.get("close")))
            elif step.details.get("close"):
                close_ticket(ticket, by=by)
        if step.text:
            self._remember_answer(step, self._last_sent(step))

    def _arrive(self, step: Step, raw: bytes) -> None:
        mailbox = self.mailboxes[step.story.mailbox]
        self.simulator.deliver(self._address(step.story)[1], raw, received_at=step.moment)
        sync_mailbox(mailbox.organization_id, mailbox.pk, at_once=True)
        with organization_scope(self.organization):
            mailbox.refresh_from_db()
            if mailbox.trouble:
                raise StoryStopped(f"{step.story.name}: the mailbox has trouble ({mailbox.trouble}).")
        if step.number == 0:
            self._tag(step.story)

    def _tag(self, story: Story) -> None:
        agent = next(self.members[person.key] for person in self.company.people if person.role == "agent")
        with organization_scope(self.organization):
            ticket = self._ticket(story)
            for name in story.tags:
                tag_ticket(ticket, name=name, by=agent)

    def _set_fields(self, ticket: Ticket, values: dict[str, str], by: Membership) -> None:
        fields = {one.name: one for one in CustomField.objects.of_tickets()}
        set_fields(ticket, changes={fields[name]: ("", value) for name, value in values.items()}, by=by)

    def _write(self, step: Step) -> bytes:
        thread = self.threads.setdefault(step.story.name, Thread([]))
        self.first_mails.setdefault(step.story.name, message_id_of(self.company, step))
        return write_mail(self.company, step, self._address(step.story), thread)

    def _recall(self, step: Step) -> None:
        """Know again what an interrupted run has done."""
        if step.by and step.text:
            sent = self._sent_to(step)
            done = len([name for name in self._thread(step).message_ids if name in {mail.message_id for mail in sent}])
            self._remember_answer(step, sent[done])
        elif not step.by and not step.is_bounce:
            self._write(step)

    def _remember_answer(self, step: Step, sent: SentMail) -> None:
        thread = self._thread(step)
        thread.message_ids.append(sent.message_id)
        mail = message_from_bytes(sent.raw, policy=policy.default)
        body = mail.get_body(("plain",))
        text = step.text if body is None else str(body.get_content()).replace("\r\n", "\n").strip()
        sender, to = self._address(step.story), formataddr(step.story.sender)
        thread.latest = Earlier(sender, to, step.moment, str(mail["Subject"]), text)

    def _last_sent(self, step: Step) -> SentMail:
        sent = self._sent_to(step)
        known = set(self._thread(step).message_ids)
        if not sent or (not step.is_bounce and sent[-1].message_id in known):
            raise StoryStopped(f"{step.story.name}: the answer of step {step.number} did not leave.")
        return sent[-1]

    def _sent_to(self, step: Step) -> list[SentMail]:
        to = step.story.sender[1].encode()
        sent = self.simulator.sent(self._address(step.story)[1])
        return [mail for mail in sent if to in mail.raw.split(b"\r\n\r\n", 1)[0]]

    def _thread(self, step: Step) -> Thread:
        return self.threads[step.story.name]

    def _ticket(self, story: Story) -> Ticket:
        with organization_scope(self.organization):
            digest = message_id_digest(self.organization.pk, self.first_mails[story.name])
            message = Message.objects.select_related("ticket__mailbox").filter(message_id_digest=digest).first()
            if message is None:
                raise StoryStopped(f"{story.name}: its first mail did not become a ticket.")
            return message.ticket

    def _address(self, story: Story) -> tuple[str, str]:
        found: Address = next(mailbox for mailbox in self.company.mailboxes if mailbox.key == story.mailbox)
        return found.name, found.address


def _parsed(person: str) -> tuple[str, str]:
    name, _, address = person.rpartition(" <")
    return name, address.rstrip(">")
