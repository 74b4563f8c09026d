"""Who asks: evidence for or against, and questions that stop the clock as long as nobody answers."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.sealing.keys import Kind, make_key
from privacy.actions.requests.letters import write_letter
from privacy.models import DataSubjectRequest, IdentityEvidence, RequestLetter, RequestQuestion
from privacy.rights.history import NOBODY, Actor, Verb, record

Identity = DataSubjectRequest.Identity
MAX_FILE = 10 * 1024 * 1024


@transaction.atomic
def add_evidence(
    request: DataSubjectRequest,
    *,
    way: str,
    is_the_person: bool,
    text: str = "",
    file: tuple[str, str, bytes] | None = None,
    by: Actor = NOBODY,
) -> IdentityEvidence:
    """Keep what shows who asks, sealed. It settles the question: confirmed, or not this person.

    Said of a case whose question about that was open, it lets the clock go on.
    """
    request.lock()
    refuse_closed(request)
    if not text.strip() and file is None and way not in {IdentityEvidence.Way.ADDRESS, IdentityEvidence.Way.ACCOUNT}:
        raise ActionRefused(_("Say what you saw, or add the file."))
    evidence = IdentityEvidence(
        organization_id=request.organization_id,
        request=request,
        way=way,
        is_the_person=is_the_person,
        text=text,
        by=by.member,
        staff=by.staff,
    )
    if file is not None:
        _keep_file(evidence, file)
    evidence.save(force_insert=True)
    request.identity = Identity.CONFIRMED if is_the_person else Identity.FAILED
    resume(request)
    request.save(update_fields=["identity", "paused_at", "paused", "due_at"])
    record(request, Verb.CONFIRMED if is_the_person else Verb.DOUBTED, by=by, details=evidence.way)
    return evidence


@transaction.atomic
def confirm_address(token_hash: bytes) -> DataSubjectRequest | None:
    """Take the link of the receipt as proof that the address is the person's; opening it twice changes nothing."""
    request = DataSubjectRequest.objects.filter(token_hash=token_hash).first()
    if request is None:
        return None
    request.lock()
    if not request.is_closed and request.identity in {Identity.OPEN, Identity.ASKED}:
        add_evidence(request, way=IdentityEvidence.Way.ADDRESS, is_the_person=True)
    return request


@transaction.atomic
def ask_question(request: DataSubjectRequest, *, text: str, is_about_identity: bool, by: Actor) -> RequestQuestion:
    """Send a question. Only a doubt about who asks stops the clock (Art. 12(6)), and only while it is open."""
    request.lock()
    refuse_closed(request)
    if is_about_identity and request.is_confirmed:
        raise ActionRefused(_("It is known who asks: no question about that can stop the clock."))
    question = RequestQuestion.objects.create(
        organization_id=request.organization_id,
        request=request,
        text=text,
        is_about_identity=is_about_identity,
        by=by.member,
    )
    record(request, Verb.QUESTION, by=by)
    if is_about_identity and not request.is_paused:
        request.identity, request.paused_at = Identity.ASKED, question.asked_at
        request.save(update_fields=["identity", "paused_at"])
        record(request, Verb.PAUSED, by=by)
    write_letter(request, RequestLetter.Kind.QUESTION, by=by, question=text, is_about_identity=is_about_identity)
    return question


@transaction.atomic
def answer_question(question: RequestQuestion, *, answer: str, by: Actor = NOBODY) -> None:
    """Note the answer; with the last open question about who asks the clock goes on. Twice changes nothing."""
    request = question.request.lock()
    question.lock()
    if question.answered_at is not None:
        return
    question.answer, question.answered_at = answer, timezone.now()
    question.save(update_fields=["answer", "answered_at"])
    record(request, Verb.ANSWER, by=by)
    open_ones = request.requestquestions.filter(is_about_identity=True, answered_at=None)
    if question.is_about_identity and not open_ones.exists():
        resume(request)
        request.save(update_fields=["paused_at", "paused", "due_at"])


def resume(request: DataSubjectRequest) -> None:
    """Let the clock of a held case go on where it stands still; the caller saves."""
    if request.paused_at is None:
        return
    request.requestquestions.filter(is_about_identity=True, answered_at=None).update(answered_at=timezone.now())
    request.paused += timezone.now() - request.paused_at
    request.paused_at = None
    request.due_at = request.clock.due_at
    record(request, Verb.RESUMED)


def refuse_closed(request: DataSubjectRequest) -> None:
    """Decline what cannot be done with a case that is closed."""
    if request.is_closed:
        raise ActionRefused(_("This case is closed."))


def refuse_unproven(request: DataSubjectRequest) -> None:
    """Decline whatever gives or takes data before it is known that the person asks."""
    refuse_closed(request)
    if not request.is_confirmed:
        raise ActionRefused(_("First it must be known that the person asks."))


def _keep_file(evidence: IdentityEvidence, file: tuple[str, str, bytes]) -> None:
    name, content_type, content = file
    if len(content) > MAX_FILE:
        raise ActionRefused(_("The file is larger than 10 MB."))
    make_key(Kind.CASE, _case(evidence), organization=evidence.organization_id)
    details: dict[str, Any] = {"name": name, "content_type": content_type}
    evidence.details, evidence.size = details, len(content)
    evidence.file.write([content])


def _case(evidence: IdentityEvidence) -> UUID:
    return evidence.case_id
