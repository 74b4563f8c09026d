"""Companies: made, renamed, known by their domains."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.digests import name_digest
from tickets.contacts.access import companies_for
from tickets.contacts.domains import domain_digest
from tickets.contacts.history import Verb, record_change
from tickets.contacts.public_domains import is_public
from tickets.models import Company, CompanyDomain, Contact, ContactAddress

MAX_DOMAINS = 100  # of one company


@transaction.atomic
def make_company(*, name: str, domains: Sequence[str], by: Membership) -> Company:
    """Add a company; contacts of its domains who have none become its people."""
    company = _new(name, by)
    if domains:
        _give_domains(company, domains, by)
    return company


@transaction.atomic
def edit_company(company: Company, *, name: str, domains: Sequence[str], by: Membership) -> None:
    """Save name and domains. Contacts of a new domain who have no company join; nobody leaves with an old one."""
    company.lock()
    name = _said(name)
    if name != company.name:
        before, company.name = company.name, name
        company.name_digest = name_digest(company.organization_id, "company", name)
        company.save(update_fields=["name", "name_digest"])
        record_change(company, Verb.RENAMED, by=by, before=before, after=name)
    _give_domains(company, domains, by)


def company_named(name: str, *, by: Membership) -> Company:
    """Return the company of this name that the member may see, the oldest of several; made where there is none."""
    digest = name_digest(by.organization_id, "company", name)
    return companies_for(by).filter(name_digest=digest).order_by("pk").first() or _new(name, by)


def _new(name: str, by: Membership) -> Company:
    name = _said(name)
    digest = name_digest(by.organization_id, "company", name)
    company = Company.objects.create(organization_id=by.organization_id, name=name, name_digest=digest)
    record_change(company, Verb.MADE, by=by)
    return company


def _said(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ActionRefused(_("A company needs a name."))
    return name


def _give_domains(company: Company, domains: Sequence[str], by: Membership) -> None:
    wanted = {domain_digest(company.organization_id, one): one for one in domains}
    if len(wanted) > MAX_DOMAINS:
        raise ActionRefused(_("A company can have %(count)d domains at most.") % {"count": MAX_DOMAINS})
    had = {bytes(one.digest): one for one in company.domains.all()}
    gone, new = set(had) - set(wanted), {digest: wanted[digest] for digest in set(wanted) - set(had)}
    if not (gone or new):
        return
    _refuse_domains(new, by)
    before = sorted(one.domain for one in had.values())
    company.domains.filter(digest__in=gone).delete()
    rows = [
        CompanyDomain(organization_id=company.organization_id, company=company, domain=domain, digest=digest)
        for digest, domain in new.items()
    ]
    try:
        with transaction.atomic():
            CompanyDomain.objects.bulk_create(rows)
    except IntegrityError:
        raise _closed() from None
    _let_join(company, new)
    record_change(company, Verb.DOMAINS_CHANGED, by=by, before=before, after=sorted(wanted.values()))


def _refuse_domains(new: dict[bytes, str], by: Membership) -> None:
    for domain in new.values():
        if is_public(domain):
            raise ActionRefused(
                _("Anybody gets an address at %(domain)s, so it says nothing about a company.") % {"domain": domain}
            )
    taken = CompanyDomain.objects.filter(digest__in=new)
    for company in companies_for(by).filter(domains__in=taken)[:1]:
        raise ActionRefused(_("One of these domains belongs to %(company)s already.") % {"company": company.name})
    if taken.exists():
        raise _closed()


def _let_join(company: Company, new: dict[bytes, str]) -> None:
    """Make contacts of these domains who have no company, and for whom nobody chose none, people of this one."""
    writing = ContactAddress.objects.filter(domain_digest__in=new).values("contact")
    lonely = Contact.objects.filter(company=None, is_company_chosen=False, merged_into=None)
    lonely.filter(pk__in=writing).update(company=company)


def _closed() -> ActionRefused:
    return ActionRefused(_("One of these domains cannot be used here. An admin can say why."))
