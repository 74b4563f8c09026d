"""The four steps a newcomer takes, and how long the answer took."""

from dataclasses import dataclass

from mailbox.simulator.models import Account, Message


@dataclass
class Guide:
    """Which steps are done."""

    wrote: bool
    answered: bool
    read: bool
    wrote_back: bool
    seconds: int | None

    @property
    def current(self) -> int:
        """The step that comes next, from 1; 5 when all are done."""
        return next(
            (n for n, done in enumerate((self.wrote, self.answered, self.read, self.wrote_back), 1) if not done), 5
        )


def guide(me: Account) -> Guide:
    """How far this customer came, judged by the newest thread that has an answer."""
    mails = Message.objects.filter(account=me)
    latest = mails.labelled("INBOX").newest_first().first()
    wrote = mails.labelled("SENT").exists()
    if latest is None:
        return Guide(wrote, False, False, False, None)
    same = mails.filter(thread=latest.thread).labelled("SENT")
    before = same.filter(received_at__lte=latest.received_at).newest_first().first()
    seconds = int((latest.received_at - before.received_at).total_seconds()) if before else None
    after = same.filter(received_at__gt=latest.received_at).exists()
    return Guide(
        wrote, True, not latest.has("UNREAD"), after, seconds if seconds is not None and seconds < 86400 else None
    )
