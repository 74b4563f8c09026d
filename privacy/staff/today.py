"""What waits for the data protection officer today: the first lines of the desk, each with the way to its list."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.admin_lists import COUNTED
from accounts.admin_site import DeskheroAdminSite, Waiting
from accounts.models import AccessAlert
from privacy.models import Approval, DataSubjectRequest, DeletionJob, LegalHold

SOON = timedelta(days=7)


def what_waits(request: HttpRequest) -> Iterator[Waiting]:
    """Return what is late and what is soon, of what this person may see."""
    now, may = timezone.now(), request.user.has_perm
    if may("privacy.view_datasubjectrequest"):
        cases = DataSubjectRequest.objects.filter(closed_at=None)
        url = reverse("admin:privacy_datasubjectrequest_changelist") + "?closed_at__isempty=1"
        yield Waiting("Requests past their last day", cases.filter(due_at__lt=now)[:COUNTED].count(), url, "bad")
        soon = cases.filter(due_at__range=(now, now + SOON))
        yield Waiting("Requests due within 7 days", soon[:COUNTED].count(), url, "warn")
    if may("privacy.view_deletionjob"):
        jobs = DeletionJob.objects.unfinished()
        url = reverse("admin:privacy_deletionjob_changelist")
        late = jobs.filter(due_at__lt=now)[:COUNTED].count()
        yield Waiting("Deletion jobs past their promise", late, f"{url}?urgency=late", "bad")
        yield Waiting("Deletion jobs under way", jobs[:COUNTED].count(), f"{url}?urgency=open")
    if may("privacy.view_approval"):
        waiting = Approval.objects.waiting()[:COUNTED].count()
        yield Waiting("Wait for a second person", waiting, reverse("admin:privacy_approval_changelist"), "warn")
    if may("privacy.view_legalhold"):
        due = LegalHold.objects.filter(released_at=None, review_at__lte=now)[:COUNTED].count()
        url = reverse("admin:privacy_legalhold_changelist")
        yield Waiting("Legal holds to review", due, f"{url}?review=due", "warn")
    if may("accounts.view_accessalert"):
        alerts = AccessAlert.objects.filter(looked_at=None)[:COUNTED].count()
        url = reverse("admin:accounts_accessalert_changelist")
        yield Waiting("Alerts nobody looked at", alerts, f"{url}?looked_at__isempty=1", "warn")


DeskheroAdminSite.waits.append(what_waits)
