"""Which company an address belongs to: by its domain, unless anybody gets an address there."""

import re
from collections.abc import Iterable
from uuid import UUID

from accounts.sealing.digests import digest, fold_address
from mailbox.addresses import CannotBeSentTo, sendable
from tickets.contacts.public_domains import is_public
from tickets.models import CompanyDomain, ContactAddress

_SEPARATOR = re.compile(r"[\s,;]+")


def domain_of(address: str) -> str:
    """Return the domain of an address, as it is compared."""
    return fold_address(address).rpartition("@")[2]


def domain_digest(organization_id: UUID, domain: str) -> bytes:
    """Return the digest of a domain."""
    return digest(organization_id, "domain", fold_address(domain))


def new_address(organization_id: UUID, address: str, found_by: bytes) -> ContactAddress:
    """Return an address row with its digests, of no contact yet and not saved."""
    return ContactAddress(
        organization_id=organization_id,
        address=address,
        digest=found_by,
        domain_digest=domain_digest(organization_id, domain_of(address)),
    )


def companies_by_domain(organization_id: UUID, domains: Iterable[str]) -> dict[str, UUID]:
    """Return which of these domains are a company's, and whose; one statement, none where all are public."""
    wanted = {domain_digest(organization_id, one): one for one in set(domains) if one and not is_public(one)}
    if not wanted:
        return {}
    found = CompanyDomain.objects.filter(digest__in=wanted).values_list("digest", "company_id")
    return {wanted[bytes(found_by)]: company for found_by, company in found}


def domains_in(text: str) -> tuple[list[str], list[str]]:
    """Return the domains a person wrote, each once, and the pieces that are none."""
    good, bad = [], []
    for piece in filter(None, _SEPARATOR.split(text.strip())):
        name = fold_address(piece.rpartition("@")[2])
        try:
            good.append(sendable(f"x@{name}").rpartition("@")[2])
        except CannotBeSentTo:
            bad.append(piece)
    return list(dict.fromkeys(good)), bad
