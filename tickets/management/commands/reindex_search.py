"""manage.py reindex_search: write what the search lacks, and what older rules or keys wrote."""

import time
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organization
from accounts.tenancy.doors import organization_ids
from tickets.search.reindexing import Progress, reindex

EVERY = 2.0  # seconds between two lines


class Command(BaseCommand):
    """Can be stopped and started again at any time, beside a running desk: what is done is not done again."""

    help = "Write the search index where it lacks rows or has rows of older rules or keys."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the organization, and whether to write everything anew."""
        parser.add_argument("--organization", metavar="ADDRESS", help="the part of its address that names it; else all")
        parser.add_argument("--all", action="store_true", help="write every row anew, also where nothing changed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work through the organizations one after another."""
        for organization_id in self._organizations(options["organization"]):
            told, last = time.monotonic(), Progress()
            for last in reindex(organization_id, everything=options["all"]):
                if time.monotonic() - told >= EVERY:
                    told = time.monotonic()
                    self._tell(organization_id, last)
            self._tell(organization_id, last)

    def _organizations(self, slug: str | None) -> list[UUID]:
        if slug is None:
            return list(organization_ids())
        found = Organization.objects.filter(slug=slug, closed_at=None).values_list("pk", flat=True)
        if not found:
            raise CommandError("There is no such organization.")
        return list(found)

    def _tell(self, organization_id: UUID, progress: Progress) -> None:
        unreadable = f", {progress.unreadable} could not be opened" if progress.unreadable else ""
        self.stdout.write(
            f"{organization_id}: {progress.seen} of {progress.total} looked at, {progress.written} written{unreadable}"
        )
        self.stdout.flush()
