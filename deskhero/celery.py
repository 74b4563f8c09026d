"""The task queue: four queues, ids only in messages, no results kept."""

import os
from typing import Any

from celery import Celery, signals

from deskhero.settling import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")

app = Celery("deskhero")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def _keep_our_logging(**details: Any) -> None:
    """Leave logging as Django's LOGGING has it: Celery's own handlers would write lines that nothing scrubs."""


@signals.worker_init.connect
@signals.beat_init.connect
def _wait_for_the_end_of_a_restore(**details: Any) -> None:
    from deskhero.restoring import refuse_while_restoring  # it needs the settings

    refuse_while_restoring()


@signals.worker_init.connect
def _show_signs_of_life(**details: Any) -> None:
    from deskhero import heartbeat  # noqa: F401 - connects at import; it needs the settings


@signals.worker_process_init.connect
def _settle(**details: Any) -> None:
    settle()
