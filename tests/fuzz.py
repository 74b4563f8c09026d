"""Reads damaged mails for a while and watches which code they reach: python -m tests.fuzz [MINUTES] [SEED].

Atheris (libFuzzer) starts from the letters of tests/mail/letters and keeps every mail that reaches new code as the
start of others. One process; it stops by itself and says how many mails it tried. A mail that does harm ends the run
and is shown, with the seed that finds it again.
"""

import os
import re
import shutil
import struct
import sys
import tempfile
import time
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("Atheris has no wheel for this machine (Linux on x86-64 has one): only the property tests ran.")

MINUTES = 10.0
SECONDS = 5.0  # for one mail, of this process's own time
LONGEST = 16 * 1024
TOKENS = [
    "\r\n\r\n", "--b\r\n", "--b--", "=?utf-8?q?", "=?utf-8?b?", "?=", "From: ", "To: ", "Subject: ", "Date: ",
    "Message-ID: <", "References: <", "Content-Type: multipart/mixed; boundary=b", "Content-Type: text/html",
    "Content-Type: multipart/alternative; boundary=b", "Content-Type: message/rfc822", "Content-Type: text/calendar",
    "application/ms-tnef", "application/pkcs7-mime", "Content-Transfer-Encoding: base64", "quoted-printable",
    "x-uuencode", "begin 644 a", "end\r\n", "; charset=", "iso-2022-jp", "utf-7", "utf-16", "gb18030",
    "; format=flowed", "; delsp=yes", "; filename*0*=utf-8''", "<blockquote>", "<table><tr><td>", "<ul><li>",
    "<a href=", "display:none", "BEGIN:VEVENT", "DTSTART;TZID=", "-----BEGIN PGP SIGNED MESSAGE-----",
    "-----BEGIN PGP SIGNATURE-----", "wrote:", "> ", "-----Original Message-----", "Auto-Submitted: auto-replied",
    "Final-Recipient: rfc822;", "\x78\x9f\x3e\x22",
]  # fmt: skip

with atheris.instrument_imports(include=["tickets.mail"]):
    from tests.mail.letters import letters
    from tests.mail.winmail import MESSAGE, block, file, stream
    from tickets.mail import classify
    from tickets.mail.html import clean_html
    from tickets.mail.parser import parse_here


RTF = struct.pack("<IIII", 0, 40, 0x414C454D, 0) + rb"{\rtf1\ansi\ansicpg1252 Hello\par \'e9 \u252?}"
WINMAIL = b"From: a@b.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + stream(
    (MESSAGE, block((0x1009, 0x102, RTF))), *file("a.txt", b"1", (0x3707, 0x1E, b"a.txt\0"))
)


class Watch:
    """Reads one mail after another until its time is over."""

    def __init__(self, folder: Path, minutes: float, seed: int) -> None:
        self.folder = folder
        self.until = time.monotonic() + minutes * 60
        self.seed = seed
        self.tried = 0
        self.slowest = 0.0

    def read(self, raw: bytes) -> None:
        """Read a mail; anything but a whole result in a few seconds ends the run."""
        begun = time.process_time()
        try:
            mail = parse_here(raw)
            classify(mail)
            if mail.html:
                clean_html(mail.html)
        except BaseException:
            self.show(raw, "raised")
            raise
        took = time.process_time() - begun
        self.slowest = max(self.slowest, took)
        self.tried += 1
        if took > SECONDS:
            self.stop(raw, f"took {took:.1f} s")
        if mail.error and "fully" in mail.error:
            self.stop(raw, mail.error)
        if time.monotonic() > self.until:
            print(f"{self.tried} mails tried, none did harm; the slowest took {self.slowest:.2f} s (seed {self.seed})")
            self.leave(0)

    def stop(self, raw: bytes, what: str) -> None:
        """End the run with the mail that did harm."""
        self.show(raw, what)
        self.leave(1)

    def show(self, raw: bytes, what: str) -> None:
        """Print a mail and what it did."""
        print(f"after {self.tried} mails, seed {self.seed}: {what}\n{raw!r}", flush=True)

    def leave(self, code: int) -> None:
        """Go at once: libFuzzer would take an ordinary end for a crash."""
        sys.stdout.flush()
        shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(code)


def main(minutes: float, seed: int) -> None:
    """Fuzz until the time is over; this never returns."""
    folder = Path(tempfile.mkdtemp(prefix="deskhero-fuzz-"))
    corpus, words = folder / "corpus", folder / "words"
    corpus.mkdir()
    for number, raw in enumerate([*(letter.raw for letter in letters()), WINMAIL]):
        (corpus / str(number)).write_bytes(raw)
    words.write_text("\n".join(f'"{_escaped(token)}"' for token in TOKENS), "ascii")
    watch = Watch(folder, minutes, seed)
    options = [f"-seed={seed}", f"-max_len={LONGEST}", f"-dict={words}", f"-artifact_prefix={folder}/", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, "-timeout=60", "-rss_limit_mb=3000", str(corpus)], watch.read)
    atheris.Fuzz()


def _escaped(token: str) -> str:
    """Return a token as a dictionary of libFuzzer writes it."""
    return re.sub(r'[^ !#-\[\]-~]|["\\]', lambda found: f"\\x{ord(found[0]):02x}", token)


if __name__ == "__main__":
    given = [float(argument) for argument in sys.argv[1:3]]
    main(given[0] if given else MINUTES, int(given[1]) if len(given) > 1 else time.time_ns() % 2**31)
