"""`python -m deskhero.migrate`: bring both databases, the data and the vault, to the state of the code."""

import os


def migrate() -> None:
    """Apply what is due to every database; nothing asks, a second run changes nothing."""
    from django.conf import settings
    from django.core.management import call_command

    from deskhero.restoring import refuse_while_restoring

    refuse_while_restoring()
    for alias in settings.DATABASES:
        call_command("migrate", database=alias, interactive=False)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    import django

    django.setup()
    migrate()
