"""A retention rule is set, changed, switched on or off: an instruction, kept with who, when, old and new."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from privacy.models import RetentionChange, RetentionRule
from privacy.models.retention import back
from privacy.retention.due import preview

LONGEST = {RetentionRule.Unit.DAYS: 3650, RetentionRule.Unit.MONTHS: 120}
Kind, Does, Unit = RetentionRule.Kind, RetentionRule.Does, RetentionRule.Unit


class NeedsAgreement(ActionRefused):
    """The rule would delete more than before: an admin has to agree to the number."""

    def __init__(self, count: int) -> None:
        """Keep how many would go at the next run."""
        super().__init__(_("Look at what would go, and agree to it."))
        self.count = count


def rule_of(organization_id: Any, kind: str) -> RetentionRule:
    """Return the organization's rule of a kind; a new one, not saved and switched off, where there is none."""
    found = RetentionRule.objects.filter(organization_id=organization_id, kind=kind).first()
    amount, unit = {Kind.SPAM: (30, Unit.DAYS), Kind.FILES: (6, Unit.MONTHS)}.get(Kind(kind), (12, Unit.MONTHS))
    return found or RetentionRule(organization_id=organization_id, kind=kind, amount=amount, unit=unit)


@transaction.atomic
def set_rule(
    rule: RetentionRule, *, amount: int, unit: str, does: str, is_enabled: bool, by: Membership, agreed: int | None
) -> RetentionRule:
    """Change a rule. Where it would delete more than before, NeedsAgreement tells how much, until just that is agreed.

    Saving what is already so changes nothing.
    """
    if not by.is_admin:
        raise ActionRefused(_("Only admins set how long things are kept."))
    if not 1 <= amount <= LONGEST[Unit(unit)]:
        raise ActionRefused(_("Choose between 1 and %(most)d.") % {"most": LONGEST[Unit(unit)]})
    if does == Does.ANONYMISE and rule.kind != Kind.CLOSED:
        raise ActionRefused(_("Only closed tickets can be made anonymous."))
    old = None if rule._state.adding else said(rule.lock())
    before = RetentionRule(amount=rule.amount, unit=rule.unit, does=rule.does, is_enabled=rule.is_enabled)
    rule.amount, rule.unit, rule.does, rule.is_enabled = amount, unit, does, is_enabled
    if old == said(rule):
        return rule
    deletes_more = is_enabled and (old is None or not before.is_enabled or _is_stricter(rule, before))
    if deletes_more:
        going = preview(rule, timezone.now()).going
        if agreed != going:
            raise NeedsAgreement(going)
    if is_enabled and (deletes_more or rule.confirmed_at is None):
        rule.confirmed_at = timezone.now()
    rule.save()
    newest = rule.changes.order_by("-version").first()
    RetentionChange.objects.create(
        organization_id=rule.organization_id,
        rule=rule,
        by=by,
        version=newest.version + 1 if newest else 1,
        before=old,
        after=said(rule),
        agreed_to=agreed if deletes_more else None,
    )
    return rule


def said(rule: RetentionRule) -> dict[str, Any]:
    """Return what the rule says, as its history keeps it."""
    return {"amount": rule.amount, "unit": rule.unit, "does": rule.does, "is_enabled": rule.is_enabled}


def _is_stricter(rule: RetentionRule, before: RetentionRule) -> bool:
    now = timezone.now()
    shorter = rule.before(now) > back(now, before.amount, before.unit)
    return shorter or (rule.does == Does.DELETE and before.does == Does.ANONYMISE)
