"""The plumbing of the tests themselves."""

import pytest
from django.db import connections


@pytest.mark.django_db
def test_a_database_test_reaches_both_databases() -> None:
    for alias in ("default", "vault"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_database(), current_setting('fsync')")
            name, fsync = cursor.fetchone()

        assert name.startswith("test_deskhero")
        assert alias == "default" or "_vault" in name  # and the number of the process, where several share the tests
        assert fsync in {"off", "on"}


def test_tasks_run_where_they_are_called_when_asked(celery_eager) -> None:
    @celery_eager.task
    def double(number: int) -> int:
        return 2 * number

    assert double.delay(4).get() == 8
