"""`make messages`: collect every string for translators, compile the catalogues, and say what is not translated yet.

It needs GNU gettext (Debian: apt-get install gettext). The compiled catalogues are in the repository, so that whoever
only runs Deskhero needs nothing.
"""

import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
LEFT_OUT = (".venv/*", ".data/*", "tests/*", "mailbox/simulator/*", "deskhero/sample/*", "deskhero/run/*", "static/*")


def main() -> int:
    """Bring locale/ up to date for every language but English; 1 while something is not translated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    os.chdir(HOME)
    for code in languages:
        (HOME / "locale" / code / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    how = {"add_location": "file", "no_wrap": True}  # what is gone is kept at the end: it may come back
    call_command("makemessages", locale=languages, ignore_patterns=list(LEFT_OUT), **how)
    call_command("compilemessages", locale=languages, ignore_patterns=[".venv/*"], verbosity=0)
    return max(say_state(HOME / "locale" / code / "LC_MESSAGES" / "django.po") for code in languages)


def say_state(catalogue: Path) -> int:
    """Print how much of a catalogue is translated; 1 while something is not."""
    asked = ["msgfmt", "--check", "--statistics", "-o", os.devnull, str(catalogue)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    print(f"{catalogue.parts[-3]}: {done.stderr.strip() or 'nothing to say'}")
    return 1 if done.returncode or "untranslated" in done.stderr or "fuzzy" in done.stderr else 0


if __name__ == "__main__":
    sys.exit(main())
