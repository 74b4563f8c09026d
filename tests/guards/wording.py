"""Finds text that people read and nobody can translate, and catalogues that lost something on the way."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

READ_OUT = {"aria-label", "aria-description", "title", "placeholder", "alt", "label", "data-command"}
SILENT = {"script", "style", "code", "kbd"}
SKIPPED = {"blocktranslate", "blocktrans", "comment"}  # what is in them is translated, or never shown
CLASSES = re.compile(r"block \w+_class$")  # names of style classes
NAMES = re.compile(
    r"Deskhero|Google Workspace|Gmail|Microsoft 365|Outlook|Bcc|Ctrl|Esc|https|JSON|Ed25519|SHA-256", re.IGNORECASE
)  # the same in every language
WORD = re.compile(r"[^\W\d_]{2,}")
_LITERAL = re.compile(r"\b(title|text|act|label|help|place)=(\"[^\"]*\"|'[^']*')")
_IN_FILTER = re.compile(r"(?:aria-label|placeholder|title)=([^;\"]+)")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+[^>]*>")


def is_text(words: str) -> bool:
    """Return whether a person would read a word in it."""
    return bool(WORD.search(NAMES.sub("", words)))


class _Page(HTMLParser):
    """Collects what is read or heard."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent: list[str] = []  # elements whose words are nobody's to translate

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT or ("translate", "no") in attrs:
            self.silent.append(tag)
        for name, value in attrs:
            if name in READ_OUT and is_text(value or ""):
                self.found.append(f"line {self.getpos()[0]}: {name}={value!r}")

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent and is_text(data):
            self.found.append(f"line {self.getpos()[0]}: {data.strip()!r}")


def in_template(source: str) -> list[str]:
    """Return what a template says in words of its own, a line each."""
    page, inside, loose = _Page(), "", []
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.TEXT:
            page.feed("\n" * token.contents.count("\n") if inside else token.contents)
        elif token.token_type == TokenType.BLOCK:
            word = token.contents.split()[0]
            if inside:
                inside = "" if word == f"end{inside}" else inside
            elif word in SKIPPED or CLASSES.match(token.contents):
                inside = word
            else:
                loose += [f"line {token.lineno}: {found[0]}" for found in _LITERAL.finditer(token.contents)
                          if is_text(found[2]) and word in ("include", "with")]  # fmt: skip
        elif token.token_type == TokenType.VAR:
            loose += [f"line {token.lineno}: {one}" for one in _IN_FILTER.findall(token.contents) if is_text(one)]
    page.close()
    return page.found + loose


SAID = {"ActionRefused", "ValidationError"}
SHOWN = {"success", "info", "warning", "error"}
LABELS = {"label", "help_text", "empty_label"}


def in_python(source: str) -> list[str]:
    """Return sentences for people that pass through no gettext: refusals, messages, labels."""
    return [f"line {node.lineno}: {ast.unparse(node)[:100]}" for node in _sentences(ast.parse(source))]


def _sentences(tree: ast.AST) -> Iterator[ast.expr]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        of_messages = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "messages"
        said = call.args[:1] if name in SAID else call.args[1:2] if of_messages and name in SHOWN else []
        said += [keyword.value for keyword in call.keywords if keyword.arg in LABELS]
        yield from (one for one in said if _is_sentence(one))


def _is_sentence(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and is_text(str(part.value)) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and is_text(node.value)


@dataclass
class Entry:
    """One sentence of a catalogue, with its plural where it has one."""

    flags: str = ""
    words: dict[str, str] = field(default_factory=dict)  # msgid, msgid_plural, msgstr, msgstr[0] …

    @property
    def asked(self) -> list[str]:
        """Return what is to be translated."""
        return [text for name, text in self.words.items() if name.startswith("msgid")]

    @property
    def told(self) -> list[str]:
        """Return the translations."""
        return [text for name, text in self.words.items() if name.startswith("msgstr")]


def catalogue(source: str) -> list[Entry]:
    """Return the entries of a .po file but its head; what is commented out is left out."""
    entries, name = [Entry()], ""
    for line in source.splitlines():
        if not line.strip():
            entries.append(Entry())
        elif line.startswith("#,"):
            entries[-1].flags += line
        elif found := re.match(r"(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) (\".*\")$", line):
            name = found[1]
            entries[-1].words[name] = ast.literal_eval(found[2])
        elif line.startswith('"'):
            entries[-1].words[name] += ast.literal_eval(line)
    return [entry for entry in entries if any(entry.asked)]


def faults(entries: list[Entry]) -> list[str]:
    """Return a sentence for every entry that says nothing, is only guessed, or lost a value or a tag on the way."""
    found = []
    for entry in entries:
        asked = entry.asked[0]
        if "fuzzy" in entry.flags:
            found.append(f"only guessed: {asked[:80]!r}")
        elif not all(entry.told) or not entry.told:
            found.append(f"not translated: {asked[:80]!r}")
        elif lost := _lost(entry):
            found.append(f"{lost} is lost or new in: {asked[:80]!r}")
    return found


def _lost(entry: Entry) -> str:
    wanted = set().union(*(_parts(text) for text in entry.asked))
    for text in entry.told:
        parts = _parts(text)
        if parts - wanted or (len(entry.asked) == 1 and wanted - parts):
            return ", ".join(sorted(parts ^ wanted))
    return ""


def _parts(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))
