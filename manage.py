#!/usr/bin/env python
"""Django's commands; where no servers are named, those of the data folder start on demand."""

import os
import sys

NEED_NO_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "parse_mail",
    "verify_certificate",
    "version",
    "--help",
    "-h",
    "--version",
}
# What an operator needs while a system is brought back; everything else would work on rows that were erased.
WORK_WHILE_RESTORING = {"backups", "data_inventory", "migrate", "restore", "showmigrations"}


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    if needs_services(sys.argv[1:]):
        from deskhero.embedded import EmbeddedError, provide_services
        from deskhero.environment import data_dir, env
        from deskhero.run.surroundings import adopt

        if env("DESKHERO_ENV", "development") != "production":
            adopt(data_dir())
            try:
                provide_services(data_dir())
            except EmbeddedError as error:
                sys.exit(str(error))
        from deskhero.restoring import refuse_while_restoring

        if sys.argv[1] not in WORK_WHILE_RESTORING:
            refuse_while_restoring()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def needs_services(arguments: list[str]) -> bool:
    """Tell whether a command line reaches for a database or Redis."""
    if "--stored" in arguments:  # verify_certificate over what the database holds
        return True
    return bool(arguments) and arguments[0] not in NEED_NO_SERVICES and not {"--help", "-h"} & set(arguments)


if __name__ == "__main__":
    main()
