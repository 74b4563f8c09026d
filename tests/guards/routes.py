"""Every address of Deskhero, walked from the URL patterns, and who may open it. A new address needs a line here."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from django.urls import URLPattern, URLResolver, get_resolver


class For(Enum):
    """Who may open an address."""

    EVERYBODY = auto()  # without signing in
    SIGNED_IN = auto()  # one's own account
    MEMBERS = auto()  # of the organization; who only reads may look, and a form changes nothing
    ANSWERING = auto()  # members who answer; who only reads gets 403
    OWN = auto()  # members, those who only read too: a form changes nothing but what is their own
    ADMINS = auto()  # owners and admins; other members get 403
    OWNERS = auto()  # owners; admins get 403 too
    STAFF = auto()  # of the operator


ACCESS: dict[str, For] = {
    "home": For.SIGNED_IN,
    "desks": For.SIGNED_IN,
    "go": For.SIGNED_IN,
    "profile": For.SIGNED_IN,
    "healthz": For.EVERYBODY,
    "readyz": For.EVERYBODY,
    "invitation": For.EVERYBODY,
    "join": For.EVERYBODY,  # with the token of an invitation: makes the account of who was invited
    "oauth_callback": For.SIGNED_IN,
    "picture": For.EVERYBODY,  # with a sealed token of minutes: one remote picture for a frame that has no session
    "closing": For.SIGNED_IN,  # the owner of a closed account; 404 for everybody else
    "closed": For.EVERYBODY,  # with the token of the owner's mail
    "closed_certificate": For.EVERYBODY,  # likewise
    "certificate_keys": For.EVERYBODY,  # public keys, and nothing else
    # The sign-in library
    "account_login": For.EVERYBODY,
    "account_logout": For.EVERYBODY,
    "account_confirm_login_code": For.EVERYBODY,  # not enabled: leads back to the sign-in
    "account_signup": For.EVERYBODY,
    "account_inactive": For.EVERYBODY,
    "account_email_verification_sent": For.EVERYBODY,
    "account_reset_password": For.EVERYBODY,
    "account_reset_password_done": For.EVERYBODY,
    "account_reset_password_from_key": For.EVERYBODY,
    "account_reset_password_from_key_done": For.EVERYBODY,
    "account_change_password": For.SIGNED_IN,
    "account_set_password": For.SIGNED_IN,
    "account_email": For.SIGNED_IN,
    "account_reauthenticate": For.SIGNED_IN,
    "mfa_authenticate": For.EVERYBODY,  # between password and second step nobody is signed in yet
    "mfa_index": For.SIGNED_IN,
    "mfa_reauthenticate": For.SIGNED_IN,
    "mfa_activate_totp": For.SIGNED_IN,
    "mfa_deactivate_totp": For.SIGNED_IN,
    "mfa_view_recovery_codes": For.SIGNED_IN,
    "mfa_generate_recovery_codes": For.SIGNED_IN,
    "mfa_download_recovery_codes": For.SIGNED_IN,
    "usersessions_list": For.SIGNED_IN,
    # People
    "accounts:settings": For.MEMBERS,
    "accounts:hours": For.ADMINS,
    "accounts:organization": For.ADMINS,
    "accounts:people": For.ADMINS,
    "accounts:invite": For.ADMINS,
    "accounts:change_role": For.ADMINS,
    "accounts:deactivate": For.ADMINS,
    "accounts:reactivate": For.ADMINS,
    "accounts:resend_invitation": For.ADMINS,
    "accounts:withdraw_invitation": For.ADMINS,
    # The privacy console
    "privacy:access_log": For.ADMINS,
    "privacy:export_access_log": For.ADMINS,
    "privacy:looked_at_alert": For.ADMINS,
    "privacy:review_access_log": For.ADMINS,
    "privacy:grants": For.ADMINS,
    "privacy:grants_agree_first": For.ADMINS,
    "privacy:agree_to_grant": For.ADMINS,
    "privacy:end_grant": For.ADMINS,
    # Requests for a person's rights
    "rights:ask": For.EVERYBODY,  # the public page of an organization: the answer says nothing about anybody
    "rights:confirm": For.EVERYBODY,  # with the token of a receipt
    "rights:package": For.EVERYBODY,  # with the token of a closing letter
    "rights:own_confirm": For.EVERYBODY,
    "rights:own_package": For.EVERYBODY,
    "your_data": For.SIGNED_IN,
    "rights:own_take_back": For.SIGNED_IN,
    "rights:own_consent": For.SIGNED_IN,
    "rights:board": For.ADMINS,
    "rights:new": For.ADMINS,
    "rights:case": For.ADMINS,
    "rights:change": For.ADMINS,
    "rights:evidence": For.ADMINS,
    "rights:evidence_file": For.ADMINS,
    "rights:question": For.ADMINS,
    "rights:answer": For.ADMINS,
    "rights:extend": For.ADMINS,
    "rights:refuse": For.ADMINS,
    "rights:take_back": For.ADMINS,
    "rights:nothing": For.ADMINS,
    "rights:look": For.ADMINS,
    "rights:found": For.ADMINS,
    "rights:decide": For.ADMINS,
    "rights:pack": For.ADMINS,
    "rights:approve": For.ADMINS,
    "rights:rectify": For.ADMINS,
    "rights:restrict": For.ADMINS,
    "rights:announce": For.ADMINS,
    "rights:lift": For.ADMINS,
    "rights:object": For.ADMINS,
    "rights:withdraw": For.ADMINS,
    "rights:from_ticket": For.ANSWERING,
    # Mailboxes
    "mailbox:mailboxes": For.ADMINS,
    "mailbox:connect": For.ADMINS,
    "mailbox:connected": For.ADMINS,
    "mailbox:reconnect": For.ADMINS,
    "mailbox:set_up": For.ADMINS,
    "mailbox:access": For.ADMINS,
    "mailbox:teams": For.ADMINS,
    "mailbox:team": For.ADMINS,
    "mailbox:delete_team": For.ADMINS,
    # Promises
    "privacy:disconnect": For.ADMINS,
    "privacy:console": For.ADMINS,
    "privacy:deletion": For.ADMINS,
    "privacy:keep": For.ADMINS,
    "privacy:certificates": For.ADMINS,
    "privacy:certificate": For.ADMINS,
    "privacy:certificate_file": For.ADMINS,
    "privacy:exports": For.OWNERS,
    "privacy:export": For.OWNERS,
    "privacy:export_file": For.OWNERS,
    "privacy:close": For.OWNERS,
    # Holds and retention
    "privacy:holds": For.ADMINS,
    "privacy:place_hold": For.ADMINS,
    "privacy:hold": For.ADMINS,
    "privacy:review_hold": For.ADMINS,
    "privacy:release_hold": For.ADMINS,
    "privacy:retention": For.ADMINS,
    "privacy:rule": For.ADMINS,
    # The desk
    "tickets:queue": For.MEMBERS,
    "tickets:events": For.MEMBERS,
    "tickets:search": For.MEMBERS,
    "tickets:similar": For.MEMBERS,
    "tickets:go": For.MEMBERS,
    "tickets:first_steps": For.ADMINS,
    "tickets:end_first_steps": For.ADMINS,
    "tickets:ticket": For.MEMBERS,
    "tickets:here": For.MEMBERS,
    "tickets:here_at": For.MEMBERS,
    "tickets:opened": For.MEMBERS,
    "tickets:next": For.MEMBERS,
    "tickets:previous": For.MEMBERS,
    "tickets:claim": For.ANSWERING,
    "tickets:take_over": For.ANSWERING,
    "tickets:let_go": For.ANSWERING,
    "tickets:follow": For.ANSWERING,
    "tickets:unfollow": For.ANSWERING,
    "tickets:notifications": For.MEMBERS,
    "tickets:bell": For.MEMBERS,
    "tickets:read_notifications": For.OWN,
    "tickets:read_notification": For.OWN,
    "tickets:notification_choices": For.OWN,
    "tickets:body": For.MEMBERS,
    "tickets:file": For.MEMBERS,
    "tickets:release_file": For.ADMINS,
    "tickets:pictures": For.MEMBERS,
    "tickets:source": For.MEMBERS,
    "tickets:source_file": For.MEMBERS,
    "tickets:quarantine": For.ADMINS,
    "tickets:refile_all": For.ADMINS,
    "tickets:quarantined": For.ADMINS,
    "tickets:quarantined_file": For.ADMINS,
    "tickets:refile": For.ADMINS,
    "tickets:reply": For.ANSWERING,
    "tickets:save_draft": For.ANSWERING,
    "tickets:discard_draft": For.ANSWERING,
    "tickets:upload": For.ANSWERING,
    "tickets:draft_file": For.ANSWERING,
    "tickets:remove_draft_file": For.ANSWERING,
    "tickets:cancel_scheduled": For.ANSWERING,
    "tickets:insert_canned": For.ANSWERING,
    "tickets:undo_send": For.ANSWERING,
    "tickets:send_again": For.ANSWERING,
    "tickets:new": For.ANSWERING,
    "tickets:forward": For.ANSWERING,
    "tickets:new_save": For.ANSWERING,
    "tickets:new_discard": For.ANSWERING,
    "tickets:new_upload": For.ANSWERING,
    "tickets:new_canned": For.ANSWERING,
    "tickets:new_file": For.ANSWERING,
    "tickets:new_remove": For.ANSWERING,
    "tickets:forward_save": For.ANSWERING,
    "tickets:forward_discard": For.ANSWERING,
    "tickets:forward_upload": For.ANSWERING,
    "tickets:forward_canned": For.ANSWERING,
    "tickets:forward_file": For.ANSWERING,
    "tickets:forward_remove": For.ANSWERING,
    "tickets:canned": For.ANSWERING,
    "tickets:change_canned": For.ANSWERING,
    "tickets:delete_canned": For.ANSWERING,
    "tickets:canned_file": For.ANSWERING,
    "tickets:remove_canned_file": For.ANSWERING,
    "tickets:note": For.ANSWERING,
    "tickets:assign": For.ANSWERING,
    "tickets:assign_team": For.ANSWERING,
    "tickets:tag": For.ANSWERING,
    "tickets:untag": For.ANSWERING,
    "tickets:tags": For.ADMINS,
    "tickets:change_tag": For.ADMINS,
    "tickets:merge_tag": For.ADMINS,
    "tickets:delete_tag": For.ADMINS,
    "tickets:look": For.MEMBERS,
    "tickets:print": For.MEMBERS,
    "tickets:merge": For.ANSWERING,
    "tickets:unmerge": For.ANSWERING,
    "tickets:split": For.ANSWERING,
    "tickets:link": For.ANSWERING,
    "tickets:unlink": For.ANSWERING,
    "tickets:move": For.ANSWERING,
    "tickets:save_fields": For.ANSWERING,
    "tickets:undo": For.ANSWERING,
    "tickets:fields": For.ADMINS,
    "tickets:field": For.ADMINS,
    "tickets:shift_field": For.ADMINS,
    "tickets:retire_field": For.ADMINS,
    "tickets:prioritize": For.ANSWERING,
    "tickets:snooze": For.ANSWERING,
    "tickets:wake": For.ANSWERING,
    "tickets:spam": For.ANSWERING,
    "tickets:not_spam": For.ANSWERING,
    "tickets:unread": For.ANSWERING,
    "tickets:bulk": For.ANSWERING,
    "tickets:change": For.MEMBERS,
    "tickets:undo_change": For.ANSWERING,
    "tickets:save_view": For.ANSWERING,
    "tickets:saved_view": For.ANSWERING,
    "tickets:delete_view": For.ANSWERING,
    "tickets:close": For.ANSWERING,
    "tickets:reopen": For.ANSWERING,
    # Contacts and companies
    "tickets:contacts": For.MEMBERS,
    "tickets:contact": For.MEMBERS,
    "tickets:companies": For.MEMBERS,
    "tickets:company": For.MEMBERS,
    "tickets:new_contact": For.ANSWERING,
    "tickets:edit_contact": For.ANSWERING,
    "tickets:contact_note": For.ANSWERING,
    "tickets:contact_fields": For.ANSWERING,
    "tickets:remove_contact_note": For.ANSWERING,
    "tickets:block_contact": For.ANSWERING,
    "tickets:unblock_contact": For.ANSWERING,
    "tickets:choose_merge": For.ANSWERING,
    "tickets:merge_contact": For.ANSWERING,
    "tickets:undo_contact_merge": For.ANSWERING,
    "tickets:add_address": For.ANSWERING,
    "tickets:remove_address": For.ANSWERING,
    "tickets:primary_address": For.ANSWERING,
    "tickets:block_address": For.ANSWERING,
    "tickets:unblock_address": For.ANSWERING,
    "tickets:new_company": For.ANSWERING,
    "tickets:edit_company": For.ANSWERING,
    "tickets:import_contacts": For.ADMINS,
    "tickets:contact_import": For.ADMINS,
    "tickets:begin_import": For.ADMINS,
    "tickets:give_up_import": For.ADMINS,
    "tickets:export_contacts": For.ADMINS,
}
# A POST asks and changes nothing: what is looked for stands in no address.
QUESTIONS = {"tickets:contacts", "tickets:companies", "tickets:search"}
LEADING_ON = {"tickets:next", "tickets:previous"}  # a look there shows nothing itself: it leads to another page
BELOW = {"admin/": For.STAFF}  # by the beginning of the address: nobody names each page of Django admin
OF_AN_ORGANIZATION = {For.MEMBERS, For.ANSWERING, For.OWN, For.ADMINS, For.OWNERS}


@dataclass(frozen=True)
class Route:
    """One URL pattern."""

    name: str  # namespace:name, or the pattern itself where it has none
    pattern: str
    parameters: tuple[str, ...]

    @property
    def access(self) -> For | None:
        """Return who may open it, or None where nobody has said."""
        below = (access for start, access in BELOW.items() if self.pattern.startswith(start))
        return ACCESS.get(self.name) or next(below, None)

    @property
    def is_of_an_organization(self) -> bool:
        """Return whether its address begins with an organization."""
        return "organization" in self.parameters


def every_route(resolver: URLResolver | None = None) -> list[Route]:
    """Return every URL pattern there is, each once."""
    return list(dict.fromkeys(_walk(resolver or get_resolver(), "", "", ())))


def faults(routes: list[Route]) -> list[str]:
    """Return a sentence for every route without a declared access, or with one that does not suit its address."""
    names = {route.name for route in routes}
    found = [
        f"{route.name} ({route.pattern}) is in no class of tests/guards/routes.py."
        for route in routes
        if not route.access
    ]
    found += [f"{name} is declared and does not exist." for name in ACCESS if name not in names]
    for route in routes:
        if route.access and route.is_of_an_organization != (route.access in OF_AN_ORGANIZATION):
            found.append(f"{route.name} ({route.pattern}) is declared for {route.access.name}, which does not suit it.")
    return found


def _walk(resolver: URLResolver, before: str, namespace: str, parameters: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        named = (*parameters, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else pattern
            yield Route(name, pattern, tuple(dict.fromkeys(named)))
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner, named)
