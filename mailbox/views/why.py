"""Why a mailbox does not work, as a sentence for the people who can do something about it."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from mailbox.models import Mailbox

# While Google's consent screen is External and in Testing, a permission dies seven days after it was given.
TEST_LIFE = (timedelta(days=6, hours=12), timedelta(days=7, hours=12))


def why(mailbox: Mailbox) -> str:
    """Return what is wrong and what to do, or nothing where all is well."""
    if not mailbox.trouble:
        return ""
    provider, code = mailbox.get_provider_display(), mailbox.trouble_code
    sentences = {
        Mailbox.Trouble.REVOKED: _("%(provider)s no longer accepts our permission (%(code)s).") + _testing(mailbox),
        Mailbox.Trouble.THROTTLED: _("%(provider)s asked us to slow down; we go on by ourselves.") + _until(mailbox),
        Mailbox.Trouble.UNREACHABLE: _("%(provider)s does not answer (%(code)s); we keep trying by ourselves.")
        + _until(mailbox),
        Mailbox.Trouble.REFUSED: _("%(provider)s refused what we asked (%(code)s); we keep trying.") + _until(mailbox),
        Mailbox.Trouble.APPLICATION: _(
            "%(provider)s refuses Deskhero itself (%(code)s), for every mailbox. Whoever runs this installation"
            " must act; reconnecting does not help."
        ),
        Mailbox.Trouble.INTERNAL: _("Something went wrong on our side (%(code)s); we keep trying.") + _until(mailbox),
    }
    return sentences[Mailbox.Trouble(mailbox.trouble)] % {"provider": provider, "code": code}


def _testing(mailbox: Mailbox) -> str:
    if mailbox.provider != Mailbox.Provider.GOOGLE or mailbox.trouble_since is None:
        return ""
    shortest, longest = TEST_LIFE
    given = mailbox.authorizations.filter(ended_at=None).order_by("-at").values_list("at", flat=True).first()
    if given is None or not shortest <= mailbox.trouble_since - given <= longest:
        return ""
    return " " + _(
        "It ended seven days after it was given: that happens while Deskhero’s consent screen at Google is in Testing."
    )


def _until(mailbox: Mailbox) -> str:
    if mailbox.not_before is None or mailbox.not_before <= timezone.now():
        return ""
    clock = timezone.localtime(mailbox.not_before).strftime("%H:%M:%S")
    return " " + _("Next try at %(clock)s.") % {"clock": clock}
