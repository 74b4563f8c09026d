"""What beat rings for, and how often. Each task does only what is left to do, so a bell too many changes nothing."""

from datetime import timedelta
from typing import Any

EVERY = {
    "mailbox.tasks.sweep_outbox": timedelta(minutes=1),
    "tickets.tasks.send_later": timedelta(seconds=20),
    "tickets.tasks.sweep_unfiled": timedelta(minutes=1),
    "tickets.tasks.wake_snoozed": timedelta(minutes=1),
    "tickets.tasks.sweep_changes": timedelta(minutes=1),
    "accounts.tasks.sweep_invitations": timedelta(minutes=10),
    "accounts.tasks.sweep_people": timedelta(days=1),
    "tickets.file_tasks.sweep_unchecked": timedelta(minutes=1),
    "tickets.tasks.sweep_imports": timedelta(hours=1),
    "tickets.tasks.sweep_notifications": timedelta(minutes=1),
    "tickets.tasks.remove_old_notifications": timedelta(days=1),
    "privacy.tasks.sweep_exports": timedelta(minutes=10),
    "accounts.tasks.seal_access_log": timedelta(seconds=10),
    "accounts.tasks.watch_access_log": timedelta(minutes=1),
    "accounts.tasks.verify_access_log": timedelta(hours=1),
    "accounts.tasks.anchor_access_log": timedelta(days=1),
    "accounts.tasks.let_go_of_access_log": timedelta(days=1),
    "mailbox.tasks.sweep_consents": timedelta(hours=1),
    "privacy.tasks.sweep_deletions": timedelta(minutes=1),
    "privacy.tasks.keep_promises": timedelta(hours=1),
    # Every hour, because each does only what its day still lacks: a night in which nothing ran is made up for.
    "privacy.tasks.take_backups": timedelta(hours=1),
    "privacy.tasks.drill_restore": timedelta(hours=6),
    "privacy.request_tasks.remind_of_requests": timedelta(hours=1),
    "privacy.request_tasks.pass_on_requests": timedelta(hours=1),
    "privacy.request_tasks.sweep_requests": timedelta(minutes=5),
}


def beat_schedule(poll_seconds: int) -> dict[str, dict[str, Any]]:
    """Return the schedule as Celery takes it; mailboxes are asked for news every so many seconds."""
    every = {"mailbox.tasks.poll_mailboxes": timedelta(seconds=poll_seconds), **EVERY}
    return {task.rpartition(".")[2]: {"task": task, "schedule": often} for task, often in every.items()}
