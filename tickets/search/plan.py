"""The plan of a search: what to ask the index, which tickets to leave, and what to check once it is decrypted."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import Membership
from mailbox.access import mailboxes_for
from mailbox.models import Mailbox
from tickets.models import Message
from tickets.models.ticket import TicketQuerySet
from tickets.search.expressions import Expression, all_of, either
from tickets.search.names import Names
from tickets.search.people import FROM, TO
from tickets.search.question import PHRASE, STATES, WORD, Part, Question
from tickets.search.times import midnight
from tickets.search.wording import beginning_expression, person_expression, phrase_expression, word_expressions
from tickets.search.words import plain_words


@dataclass
class Plan:
    """What a question means to one member. With problems in it, nothing is looked for."""

    me: Membership
    wanted: list[Expression] = field(default_factory=list)  # each in a row of the ticket
    unwanted: list[Expression] = field(default_factory=list)  # in none of them
    shown: list[Expression] = field(default_factory=list)  # what is marked
    phrases: dict[str, Expression] = field(default_factory=dict)  # plain words -> what is in every row that has them
    unwanted_phrases: dict[str, Expression] = field(default_factory=dict)
    conditions: list[Q] = field(default_factory=list)  # about the ticket itself
    mailboxes: list[Mailbox] = field(default_factory=list)  # the reader's, as far as they are asked about
    since: datetime | None = None
    until: datetime | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was asked for."""
        return not (self.wanted or self.unwanted or self.unwanted_phrases or self.conditions or self.has_times)

    @property
    def has_times(self) -> bool:
        """Return whether a time was asked for."""
        return self.since is not None or self.until is not None

    @property
    def must_be_checked(self) -> bool:
        """Return whether the index alone cannot say what belongs to the answer."""
        return bool(self.phrases or self.unwanted_phrases or (self.unwanted and not self.wanted))

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Return those of these tickets that are as asked; words and phrases are asked of the index."""
        tickets = tickets.unlocked()
        for condition in self.conditions:
            tickets = tickets.filter(condition)
        if self.has_times and not self.wanted:
            mails = Message.objects.filter(ticket=OuterRef("pk"))
            mails = mails.filter(at__gte=self.since) if self.since else mails
            tickets = tickets.filter(Exists(mails.filter(at__lt=self.until) if self.until else mails))
        return tickets


def plan_for(question: Question, me: Membership) -> Plan:
    """Return what a question means to this member, who sees some mailboxes and is called "me"."""
    plan = Plan(me, problems=list(question.problems))
    names = Names(me, plan.problems)
    plan.mailboxes = names.mailboxes(list(mailboxes_for(me).order_by("pk")), question)
    plan.conditions += names.conditions(question)
    if any(part.sort == "mailbox" for part in question.parts):
        plan.conditions.append(Q(mailbox__in=plan.mailboxes))
    _states(question, plan)
    _times(question, plan)
    _words(question, plan)
    return plan


def _states(question: Question, plan: Plan) -> None:
    """Several states are one or the other; everything else a ticket is, it is besides."""
    is_so = {
        "mine": Q(assignee=plan.me),
        "unassigned": Q(assignee=None),
        **{state: Q(state=state) for state in STATES},
        "closed": Q(state="closed", merged_into=None),
    }
    one_of = Q()
    for value in question.values("is"):
        if value in STATES:
            one_of |= is_so[value]
        else:
            plan.conditions.append(is_so[value])
    if one_of:
        plan.conditions.append(one_of)
    plan.conditions += [~is_so[value] for value in question.values("is", unwanted=True)]
    plan.conditions += [Q(has_attachments=True) for _value in question.values("has")]
    plan.conditions += [Q(has_attachments=False) for _value in question.values("has", unwanted=True)]


def _times(question: Question, plan: Plan) -> None:
    for part in question.parts:
        if part.sort == "after" and part.day:
            plan.since = max(filter(None, (plan.since, midnight(part.day))))
        if part.sort == "before" and part.day:
            plan.until = min(filter(None, (plan.until, midnight(part.day))))


def _words(question: Question, plan: Plan) -> None:
    people = [
        _person(part, plan, sort)
        for operator, sort in (("from", FROM), ("to", TO))
        for part in question.parts
        if part.sort == operator
    ]
    written = [one for one in people if one is not None]
    found: list[Expression] = []
    for part in question.parts:
        if part.sort == WORD and not part.unwanted:
            found += word_expressions(part.value, is_open=part.is_open)
        elif part.sort == WORD:
            plan.unwanted += [all_of(words)] if (words := word_expressions(part.value)) else []
        elif part.sort == PHRASE:
            found += _phrase(part, plan)
    if not found and not written:
        found = _first_letters(question)
    plan.shown = found
    # What somebody wrote is looked for in what they wrote, not elsewhere in the ticket.
    plan.wanted = [all_of([*written, one]) for one in found] if found else [all_of(written)] if written else []
    says_nothing = [part.value for part in question.parts if part.sort in (WORD, PHRASE) and not part.unwanted]
    if plan.is_empty and says_nothing and not plan.problems:
        plan.problems.append(_("“%(words)s” says too little to look for.") % {"words": " ".join(says_nothing)})


def _person(part: Part, plan: Plan, sort: str) -> Expression | None:
    expression = person_expression(sort, part.value)
    if expression is not None and part.unwanted:
        plan.unwanted.append(expression)
        return None
    return expression


def _phrase(part: Part, plan: Plan) -> list[Expression]:
    expression = phrase_expression(part.value)
    if expression is None:
        plan.problems.append(_("“%(words)s” says too little to look for.") % {"words": part.value})
        return []
    phrases = plan.unwanted_phrases if part.unwanted else plan.phrases
    phrases[plain_words(part.value)] = expression
    return [] if part.unwanted else [expression]


def _first_letters(question: Question) -> list[Expression]:
    """Return what a lone beginning finds, though as a word it would say too little: the, an, for."""
    words = [part for part in question.parts if part.sort == WORD and not part.unwanted]
    if len(words) != 1 or not words[0].is_open:
        return []
    beginning = beginning_expression(words[0].value)
    return [either([beginning])] if beginning else []
