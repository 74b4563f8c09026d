"""The wiring: settings, addresses, workers, the services of a laptop."""

from deskhero.celery import app as celery_app

__all__ = ["celery_app"]
