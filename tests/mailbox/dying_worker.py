"""The real Celery app, whose process dies (SIGKILL) at the point that DIE_AT names. For test_kill9.py only.

Nothing is caught, closed or rolled back by the process itself: at that point it is simply gone, as after kill -9.
"""

import os
import signal
from typing import Any

from celery.signals import worker_init

from deskhero.celery import app

__all__ = ["app"]


def die(*args: Any, **kwargs: Any) -> None:
    """End this process now."""
    os.kill(os.getpid(), signal.SIGKILL)


@worker_init.connect
def put_in_place(**kwargs: Any) -> None:
    """Put the end of the process where the test wants it."""
    match os.environ.get("DIE_AT"):
        case "second mail loaded":
            from mailbox.actions import sync_mailbox

            _after(sync_mailbox._Run, "_loaded", nth=2)
        case "batch stored, before the commit":
            from mailbox.signals import mail_arrived

            mail_arrived.connect(die, weak=False)
        case "mail and bookmark stored, before filing is queued":
            from tickets.tasks import file_mail

            file_mail.delay = die
        case "ticket written, before the commit":
            from tickets.filing.writing import Writing

            write = Writing.write
            Writing.write = lambda writing: die(write(writing))
        case "provider accepted, before we wrote it down":
            from mailbox.actions import deliver_email

            deliver_email._settle = die
        case "draft laid down, before we wrote it down":
            from mailbox.actions import deliver_email

            deliver_email._send = lambda provider, email: die(provider.prepare(email))


def _after(owner: Any, name: str, nth: int) -> None:
    original = getattr(owner, name)

    def counted(*args: Any, **kwargs: Any) -> Any:
        for number, item in enumerate(original(*args, **kwargs), 1):
            yield item
            if number == nth:
                die()

    setattr(owner, name, counted)
