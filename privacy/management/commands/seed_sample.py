"""seed_sample: two companies to look around in, whose mail came through the simulator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from deskhero.sample.seeding import SampleRefused, seed
from deskhero.sample.signins import sign_ins


class Command(BaseCommand):
    """Build the sample world; a second run changes nothing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --signins."""
        parser.add_argument("--signins", action="store_true", help="only print addresses, passwords and current codes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, or print the sign-ins."""
        if options["signins"]:
            self.stdout.write(sign_ins())
            return
        try:
            for line in seed():
                self.stdout.write(line)
        except SampleRefused as refusal:
            raise CommandError(str(refusal)) from None
