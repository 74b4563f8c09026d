"""What is true at the desk."""

from tickets.models.attachment import Attachment
from tickets.models.bulk import BulkChange, BulkTicket
from tickets.models.canned import CannedFile, CannedReply
from tickets.models.company import Company, CompanyDomain
from tickets.models.contact import Contact, ContactAddress, ContactCode
from tickets.models.contact_import import ContactImport
from tickets.models.contact_record import ContactEvent, ContactMerge, ContactNote
from tickets.models.custom_field import CustomField
from tickets.models.draft import Draft, DraftFile
from tickets.models.event import Event
from tickets.models.following import Following
from tickets.models.link import TicketLink
from tickets.models.mention import Mention
from tickets.models.message import Message
from tickets.models.note import Note
from tickets.models.notification import Notification, NotificationChoice
from tickets.models.refiling import RefileRun
from tickets.models.saved_view import SavedView
from tickets.models.search_document import SearchDocument
from tickets.models.seen import Seen
from tickets.models.tag import Tag, TicketTag
from tickets.models.thread import ThreadKey
from tickets.models.ticket import Ticket, TicketSequence

__all__ = [
    "Attachment",
    "BulkChange",
    "BulkTicket",
    "CannedFile",
    "CannedReply",
    "Company",
    "CompanyDomain",
    "Contact",
    "ContactAddress",
    "ContactCode",
    "ContactEvent",
    "ContactImport",
    "ContactMerge",
    "ContactNote",
    "CustomField",
    "Draft",
    "DraftFile",
    "Event",
    "Following",
    "Mention",
    "Message",
    "Note",
    "Notification",
    "NotificationChoice",
    "RefileRun",
    "SavedView",
    "SearchDocument",
    "Seen",
    "Tag",
    "ThreadKey",
    "Ticket",
    "TicketLink",
    "TicketSequence",
    "TicketTag",
]
