"""Packages: made by a worker, sealed under a key of their own, opened once, gone after seven days."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access_log import record_access
from accounts.access_log.recording import of_member
from accounts.errors import ActionRefused
from accounts.sealing.keys import Kind, destroy_key, make_key
from accounts.tenancy import current_organization_id
from accounts.tokens import hash_of, new_token
from privacy.actions.requests.change_request import refuse_guessed
from privacy.actions.requests.close_request import close_request
from privacy.actions.requests.find_person import refuse_unfinished
from privacy.actions.requests.identity import refuse_unproven
from privacy.models import DataSubjectRequest, RequestFinding, RequestLetter, RequestPackage
from privacy.models.request_package import LIFE
from privacy.rights.clock import day_of
from privacy.rights.history import NOBODY, Actor, Verb, record
from privacy.rights.letters import link_of
from privacy.rights.packages.archive import zipped
from privacy.rights.packages.packing import Packing

Right, Outcome, State = DataSubjectRequest.Right, DataSubjectRequest.Outcome, RequestPackage.State
SLOWEST_DOWNLOAD = timedelta(hours=2)  # its key is gone at once; the ciphertext stays so long for who still reads it


@transaction.atomic
def begin_package(request: DataSubjectRequest, *, by: Actor = NOBODY) -> RequestPackage:
    """Begin to make what the person gets; only for who was proven, from what was found and decided."""
    from privacy.request_tasks import pack, pack_for_user

    request.lock()
    refuse_unproven(request)
    refuse_guessed(request)
    if request.right not in {Right.ACCESS, Right.PORTABILITY}:
        raise ActionRefused(_("This right gives no package."))
    if request.is_of_organization:
        refuse_unfinished(request)
    if request.requestpackages.filter(state__in=[State.PACKING, State.READY]).exists():
        raise ActionRefused(_("There is a package already."))
    package = RequestPackage.objects.create(organization_id=request.organization_id, request=request)
    if request.organization_id:
        pack.delay_on_commit(str(request.organization_id), str(package.pk))
    else:
        pack_for_user.delay_on_commit(str(package.pk))
    return package


@transaction.atomic
def pack_some(package_id: UUID) -> None:
    """Make a package, and send the link with the closing letter. What a dead worker left is made anew, whole."""
    held = RequestPackage.objects.select_for_update(of=("self",), skip_locked=True)
    package = held.select_related("request__organization").filter(pk=package_id, state=State.PACKING).first()
    if package is None:
        return
    request = package.request
    if request.is_closed:
        _end(package)
        return
    make_key(Kind.CASE, package.pk, organization=package.organization_id)
    package.file.delete()
    packing = Packing(request)
    package.size = package.file.write(zipped(packing.entries()))
    token, package.token_hash = new_token()
    now = timezone.now()
    package.state, package.made_at, package.expires_at = State.READY, now, now + LIFE
    package.contents = packing.counts
    package.save()
    record(request, Verb.PACKED)
    if request.organization_id:
        said = {"object_id": request.pk, "amount": packing.counts.get("messages", 0)}
        record_access(of_member(request.organization_id, None, "export", "rights:pack", **said))
    left_out = request.requestfindings.filter(decision=RequestFinding.Decision.EXCLUDE, decided_at__isnull=False)
    close_request(
        request,
        outcome=Outcome.PARTLY if left_out.exists() else Outcome.DONE,
        letter=RequestLetter.Kind.PACKAGE,
        url=link_of(request, "package", token),
        expires_on=day_of(package.expires_at),
    )


def package_with(token: str) -> RequestPackage | None:
    """Return the package of the queue at hand whose letter carried this token, opened or not."""
    own = RequestPackage.objects.filter(organization=current_organization_id())
    return own.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def open_package(token: str) -> tuple[RequestPackage, bytes, Iterator[bytes]] | None:
    """Return a package's content once: its key is destroyed here, and nobody opens it again, from no backup either.

    The first piece is opened before, so that what follows can be read to its end.
    """
    package = package_with(token)
    if package is None:
        return None
    package.lock()
    if not package.can_be_opened or not package.file.exists():
        return None
    pieces = package.file.read()
    first = next(pieces)
    package.state, package.fetched_at = State.FETCHED, timezone.now()
    package.save(update_fields=["state", "fetched_at"])
    record(package.request, Verb.FETCHED)
    transaction.on_commit(lambda: destroy_key(Kind.CASE, package.pk))
    return package, first, pieces


def expire_packages() -> int:
    """End what is over in the queue at hand: key, then file; return how many ended."""
    now = timezone.now()
    own = RequestPackage.objects.filter(organization=current_organization_id())
    over = own.filter(
        Q(state=State.READY, expires_at__lt=now) | Q(state=State.FETCHED, fetched_at__lt=now - SLOWEST_DOWNLOAD),
        token_hash__isnull=False,
    )
    ended = 0
    for pk in list(over.values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            package = over.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if package is not None:
                _end(package)
                ended += 1
    return ended


def _end(package: RequestPackage) -> None:
    if package.state == State.READY:
        record(package.request, Verb.EXPIRED)
    destroy_key(Kind.CASE, package.pk)
    package.file.delete()
    package.token_hash = None
    if package.state != State.FETCHED:
        package.state = State.EXPIRED
    package.save(update_fields=["state", "token_hash"])
