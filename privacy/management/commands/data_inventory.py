"""manage.py data_inventory: which column holds what, under which key."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.inventory import as_markdown, faults, inventory


class Command(BaseCommand):
    """Print the data inventory; exit 1 when a model or column is not declared."""

    help = "Print every column, and under which key it is sealed or why it is readable."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer the forms."""
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one JSON list, every column")
        form.add_argument("--markdown", action="store_true", help="the page docs/keys.md")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        columns = inventory()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(column) for column in columns], indent=1))
        elif options["markdown"]:
            self.stdout.write(as_markdown(columns), ending="")
        else:
            told = [column for column in columns if column.kept != "fixed"]
            width = max(len(column.place) for column in told)
            for column in told:
                self.stdout.write(f"{column.place:{width}}  {column.kept:7} {column.key or column.reason}")
        if missing := faults():
            raise CommandError("\n".join(missing))
