"""The words that say how much of a mail a page folds."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.mail.folded import Folded


def fold_label(folded: Folded) -> str:
    """Return how many lines are folded, and how many of them are not elsewhere in the ticket."""
    if folded.is_signature:
        return ngettext("%(count)d line of signature", "%(count)d lines of signature", folded.lines) % {
            "count": folded.lines
        }
    label = ngettext("%(count)d quoted line", "%(count)d quoted lines", folded.lines) % {"count": folded.lines}
    if not folded.elsewhere:
        return label
    if folded.is_foreign:
        return _("%(label)s, not in this ticket") % {"label": label}
    rest = ngettext(
        "%(count)d of them is not in this ticket", "%(count)d of them are not in this ticket", folded.elsewhere
    )
    return f"{label}, {rest % {'count': folded.elsewhere}}"
