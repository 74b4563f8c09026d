"""The access log: who saw or changed what, written before the answer leaves. No log, no answer.

Every page under /<organization>/ is written down by the middleware unless it is marked `contentless`; views add what
they showed: `opened(request, ticket)` for the thing a page is about, `saw(request, tickets)` for rows beside it.
"""

from accounts.access_log.noting import as_verb, asks, contentless, opened, saw
from accounts.access_log.recording import AccessNotLogged, record_access

__all__ = ["AccessNotLogged", "as_verb", "asks", "contentless", "opened", "record_access", "saw"]
