"""What the pages of the access log are called: every route that is written down, in words an admin knows."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_PLACES: tuple[tuple[Any, str], ...] = (
    (_("the first page of the organization"), "accounts:organization accounts:settings"),
    (
        _("people and roles"),
        """
        accounts:people accounts:change_role accounts:deactivate accounts:reactivate accounts:invite
        accounts:resend_invitation accounts:withdraw_invitation
        """,
    ),
    (_("working hours"), "accounts:hours"),
    (_("the mailboxes"), "mailbox:mailboxes mailbox:connect mailbox:connected mailbox:reconnect"),
    (_("the settings of a mailbox"), "mailbox:set_up"),
    (_("who sees a mailbox"), "mailbox:access"),
    (_("the teams"), "mailbox:teams mailbox:team mailbox:delete_team"),
    (_("the access log"), "privacy:access_log privacy:export_access_log privacy:looked_at_alert"),
    (_("a review of the access log"), "privacy:review_access_log"),
    (
        _("access by the operator's staff"),
        "privacy:grants privacy:grants_agree_first privacy:agree_to_grant privacy:end_grant",
    ),
    (_("the privacy pages"), "privacy:console"),
    (_("certificates of deletion"), "privacy:certificates privacy:certificate privacy:certificate_file"),
    (_("the deletion of a mailbox"), "privacy:disconnect privacy:deletion privacy:keep"),
    (_("the closing of the account"), "privacy:close"),
    (_("an export of everything"), "privacy:export privacy:exports privacy:export_file"),
    (
        _("legal holds"),
        "privacy:holds privacy:hold privacy:place_hold privacy:review_hold privacy:release_hold",
    ),
    (_("retention rules"), "privacy:retention privacy:rule"),
    (_("the board of rights requests"), "rights:board"),
    (
        _("a rights request"),
        """
        rights:case rights:new rights:from_ticket rights:announce rights:answer rights:change rights:extend
        rights:lift rights:nothing rights:object rights:question rights:rectify rights:refuse rights:restrict
        rights:take_back rights:withdraw rights:approve
        """,
    ),
    (_("what was found about a person"), "rights:found rights:look rights:decide"),
    (_("the evidence of who a person is"), "rights:evidence rights:evidence_file"),
    (_("the package for a person"), "rights:pack"),
    (_("a list of tickets"), "tickets:queue tickets:saved_view tickets:save_view tickets:delete_view"),
    (_("several tickets at once"), "tickets:bulk tickets:change tickets:undo_change tickets:refile_all"),
    (_("the search"), "tickets:search tickets:go"),
    (
        _("notifications"),
        """
        tickets:notifications tickets:notification_choices tickets:read_notification tickets:read_notifications
        tickets:bell tickets:events
        """,
    ),
    (_("the first steps"), "tickets:first_steps tickets:end_first_steps"),
    (_("mail set aside"), "tickets:quarantine tickets:quarantined tickets:refile"),
    (_("the original of mail set aside"), "tickets:quarantined_file"),
    (
        _("a ticket"),
        """
        tickets:ticket tickets:next tickets:previous tickets:here tickets:here_at tickets:opened
        tickets:claim tickets:take_over tickets:let_go tickets:follow tickets:unfollow
        tickets:assign tickets:assign_team tickets:tag tickets:untag tickets:close
        tickets:reopen tickets:snooze tickets:wake tickets:prioritize tickets:unread tickets:save_fields
        tickets:spam tickets:not_spam tickets:undo tickets:move tickets:link tickets:unlink
        tickets:merge tickets:unmerge tickets:choose_merge tickets:split
        """,
    ),
    (_("tickets like this one"), "tickets:similar"),
    (_("a ticket on paper"), "tickets:print"),
    (_("a mail as it was sent"), "tickets:body"),
    (_("the remote pictures of a mail"), "tickets:pictures picture"),
    (_("the original of a mail"), "tickets:source tickets:source_file"),
    (_("an attachment"), "tickets:file tickets:look tickets:release_file"),
    (
        _("an answer"),
        "tickets:reply tickets:send_again tickets:undo_send tickets:cancel_scheduled tickets:insert_canned",
    ),
    (
        _("a draft"),
        """
        tickets:save_draft tickets:discard_draft tickets:upload tickets:draft_file tickets:remove_draft_file
        tickets:new_canned tickets:forward_canned
        tickets:new_save tickets:new_discard tickets:new_upload tickets:new_file tickets:new_remove
        tickets:forward_save tickets:forward_discard tickets:forward_upload tickets:forward_file
        tickets:forward_remove
        """,
    ),
    (_("a new mail"), "tickets:new"),
    (_("a mail passed on"), "tickets:forward"),
    (_("a note"), "tickets:note"),
    (
        _("canned replies"),
        "tickets:canned tickets:change_canned tickets:delete_canned tickets:canned_file tickets:remove_canned_file",
    ),
    (_("the tags"), "tickets:tags tickets:change_tag tickets:merge_tag tickets:delete_tag"),
    (
        _("the ticket fields"),
        "tickets:fields tickets:field tickets:retire_field tickets:shift_field",
    ),
    (_("the contacts"), "tickets:contacts tickets:new_contact"),
    (
        _("a contact"),
        """
        tickets:contact tickets:edit_contact tickets:contact_fields tickets:contact_note
        tickets:remove_contact_note tickets:add_address tickets:primary_address tickets:remove_address
        tickets:block_address tickets:unblock_address tickets:block_contact tickets:unblock_contact
        tickets:merge_contact tickets:undo_contact_merge
        """,
    ),
    (_("the companies"), "tickets:companies tickets:new_company"),
    (_("a company"), "tickets:company tickets:edit_company"),
    (_("a file of contacts"), "tickets:export_contacts"),
    (
        _("an import of contacts"),
        "tickets:import_contacts tickets:contact_import tickets:begin_import tickets:give_up_import",
    ),
)
WORDS = {route: words for words, routes in _PLACES for route in routes.split()}


def words_for(page: str) -> str:
    """Return what a page is called; a route of an older version keeps its name."""
    return str(WORDS.get(page, page))
