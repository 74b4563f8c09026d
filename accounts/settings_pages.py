"""Every page of settings, once: the sidebar, the index with its search and the page "Go to" read this list.

A new page of settings is one entry here: in DESK what belongs to the organization, in PRIVACY what keeps its promises,
in OWN what is a person's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization


def _admins(me: Membership) -> bool:
    return me.is_admin


def _owners(me: Membership) -> bool:
    return me.is_owner


def _answering(me: Membership) -> bool:
    return me.can_answer


@dataclass(frozen=True)
class SettingsPage:
    """A page of settings: its address by name, what it is called, what is set there, and other words for that."""

    key: str  # what a template gives as `section`
    url_name: str
    icon: str
    title: Any
    text: Any
    words: Any = ""
    is_for: Callable[[Membership], bool] = _admins

    def url(self, organization: Organization | None) -> str:
        """Return its address; pages of an organization need one."""
        return reverse(self.url_name, args=[organization.slug] if organization and ":" in self.url_name else [])


DESK = (
    SettingsPage(
        "mailboxes",
        "mailbox:mailboxes",
        "mail",
        _("Mailboxes"),
        _("Connect an address, see how it fares, sign its answers, and say who may see it."),
        _("connect Google Microsoft Gmail Outlook signature automatic answer acknowledgement alias sender disconnect"),
    ),
    SettingsPage(
        "quarantine",
        "tickets:quarantine",
        "alert",
        _("Mail set aside"),
        _("What could not be read, with its reason and its original."),
        _("quarantine broken mail try again"),
    ),
    SettingsPage(
        "people",
        "accounts:people",
        "users",
        _("People"),
        _("Invite colleagues, give them roles, shut somebody out."),
        _("invitation agent admin owner viewer role second step colleague"),
    ),
    SettingsPage(
        "teams",
        "mailbox:teams",
        "unassigned",
        _("Teams"),
        _("Groups of colleagues that tickets are given to."),
        _("group department members"),
    ),
    SettingsPage(
        "tags",
        "tickets:tags",
        "tag",
        _("Tags"),
        _("Names, colours, and tags that mean the same."),
        _("label colour merge"),
    ),
    SettingsPage(
        "fields",
        "tickets:fields",
        "list",
        _("Fields"),
        _("What your tickets are asked: an order number, a product, a date."),
        _("custom fields text number choice date"),
    ),
    SettingsPage(
        "canned",
        "tickets:canned",
        "bolt",
        _("Canned replies"),
        _("Answers that are written again and again: your own, a team's, everybody's."),
        _("template macro snippet saved reply"),
        _answering,
    ),
    SettingsPage(
        "hours",
        "accounts:hours",
        "clock",
        _("Working hours"),
        _("When somebody is there, and the days that are closed. Automatic answers can say so."),
        _("opening times holidays weekend zone closed days"),
    ),
    SettingsPage(
        "organization",
        "accounts:organization",
        "building",
        _("Organization"),
        _("Name, language, second step for everybody, and when an answer opens a closed ticket again."),
        _("company reopen days security rules"),
    ),
)
PRIVACY = (
    SettingsPage(
        "privacy",
        "privacy:console",
        "shield",
        _("Privacy"),
        _("What is being erased, what a legal hold keeps, how long you keep things, and the proof."),
        _("deletion erasure GDPR retention hold export close account data protection"),
    ),
    SettingsPage(
        "retention",
        "privacy:retention",
        "calendar",
        _("Retention"),
        _("How long closed tickets, spam, attachments and contacts are kept, and what happens then."),
        _("delete anonymise automatic period GDPR storage limit"),
    ),
    SettingsPage(
        "holds",
        "privacy:holds",
        "scale",
        _("Legal holds"),
        _("Keep a ticket, a contact or a mailbox from every deletion, for a reason and until a review."),
        _("litigation claim evidence preserve keep"),
    ),
    SettingsPage(
        "requests",
        "rights:board",
        "scale",
        _("Rights requests"),
        _("Who asks what you keep, or wants it corrected or erased: answered within a month."),
        _("privacy GDPR data subject access erasure rectification portability restriction objection"),
    ),
    SettingsPage(
        "certificates",
        "privacy:certificates",
        "seal",
        _("Certificates"),
        _("The signed proof of every deletion."),
        _("proof deletion certificate verify"),
    ),
    SettingsPage(
        "access",
        "privacy:access_log",
        "eye",
        _("Access log"),
        _("Who saw or changed what, when and from where."),
        _("audit privacy read search export download monitoring"),
    ),
    SettingsPage(
        "grants",
        "privacy:grants",
        "shield",
        _("Operator access"),
        _("When the operator's staff looks in, why, and how to end it."),
        _("break glass grant support security law staff privacy"),
    ),
    SettingsPage(
        "exports",
        "privacy:exports",
        "download",
        _("Export"),
        _("Everything the organization has, in one file to take along."),
        _("download portability data mbox JSON takeout"),
        _owners,
    ),
    SettingsPage(
        "close",
        "privacy:close",
        "trash",
        _("Close the account"),
        _("End the contract and erase everything, with proof."),
        _("delete cancel terminate account contract"),
        _owners,
    ),
)
OWN = (
    SettingsPage(
        "profile",
        "profile",
        "user",
        _("Profile"),
        _("Your name, language, time zone, appearance and keys."),
        _("dark light theme keyboard shortcuts"),
    ),
    SettingsPage(
        "notifications",
        "tickets:notification_choices",
        "bell",
        _("Notifications"),
        _("What you are told of, and how: here, in the browser, by mail."),
        _("bell alerts mentions assigned answers e-mail"),
    ),
    SettingsPage(
        "email",
        "account_email",
        "at",
        _("E-mail address"),
        _("The address you sign in with."),
        _("sign in change address"),
    ),
    SettingsPage("password", "account_change_password", "key", _("Password"), _("Choose another one."), _("sign in")),
    SettingsPage(
        "second-step",
        "mfa_index",
        "shield",
        _("Second step"),
        _("An authenticator app, and codes for the day you lose it."),
        _("two factor authentication TOTP recovery codes MFA security"),
    ),
    SettingsPage(
        "your-data",
        "your_data",
        "scale",
        _("Your data"),
        _("Ask for a copy, object, withdraw a consent."),
        _("privacy GDPR rights export erase"),
    ),
    SettingsPage(
        "sessions",
        "usersessions_list",
        "device",
        _("Where you are signed in"),
        _("Browsers that are signed in as you, and how to end them."),
        _("sessions devices sign out everywhere"),
    ),
)


@dataclass(frozen=True)
class Group:
    """Pages under a heading; each as a template needs it."""

    title: str
    pages: list[dict[str, Any]]


def groups_for(organization: Organization | None, membership: Membership | None, asked: str = "") -> list[Group]:
    """Return the pages this person may open, by heading; with words asked for, only those that speak of all of them."""
    found = []
    if organization and membership:
        for title, pages in ((organization.name, DESK), (str(_("Privacy")), PRIVACY)):
            found.append(Group(title, _shown([one for one in pages if one.is_for(membership)], organization, asked)))
    own = [page for page in OWN if organization or ":" not in page.url_name]
    found.append(Group(str(_("Your account")), _shown(own, organization, asked)))
    return [group for group in found if group.pages]


def _shown(pages: list[SettingsPage], organization: Organization | None, asked: str) -> list[dict[str, Any]]:
    words = asked.casefold().split()
    return [
        {"key": page.key, "url": page.url(organization), "icon": page.icon, "title": page.title, "text": page.text}
        | {"words": page.words}
        for page in pages
        if all(word in f"{page.title} {page.text} {page.words}".casefold() for word in words)
    ]
