"""The data inventory: every column of every model, and what keeps it from strangers. Collected, never typed twice."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import models

from accounts.personal_data import PersonalData
from accounts.sealing.fields import SealedField
from accounts.sealing.files import SealedFile
from privacy import caches, records, stores
from privacy.declarations import OURS, declaration
from privacy.kin import all_models
from privacy.libraries import LIBRARIES

# Types that cannot hold words.
WORDLESS = (
    models.AutoField,
    models.BooleanField,
    models.DateField,
    models.DecimalField,
    models.DurationField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.TimeField,
    models.UUIDField,
)
FIXED = "id, time, state or count"


@dataclass(frozen=True)
class Column:
    """One column, or the files that hang on a row."""

    model: str  # app.Model
    column: str
    about: str
    kept: str  # sealed, plain, fixed or file
    key: str  # of sealed columns and files: mailbox, organization or profile
    reason: str  # why a plain column is readable

    @property
    def place(self) -> str:
        """Return model and column."""
        return f"{self.model}.{self.column}"


def inventory() -> list[Column]:
    """Return every column of every model, ours first, each app and model by name."""
    found = [column for model in all_models() if (data := declaration(model)) for column in _columns(model, data)]
    return sorted(found, key=lambda c: (c.model.partition(".")[0] not in OURS, c.model.lower()))


def faults() -> list[str]:
    """Return a sentence for every model and column that nobody declared, and every declaration of nothing."""
    named = {model._meta.label for model in all_models()}
    strays = [
        f"{label} is declared in privacy/libraries.py and does not exist." for label in LIBRARIES if label not in named
    ]
    return strays + [fault for model in all_models() for fault in faults_of(model)] + stores.faults()


def faults_of(model: type[models.Model]) -> Iterator[str]:
    """Yield what is wrong with one model's declaration."""
    label, data = model._meta.label, declaration(model)
    if data is None:
        yield f"{label} declares no personal_data."
        return
    words = {field.attname for field in model._meta.concrete_fields if is_readable_text(field)}
    for column in sorted(words - set(data.plain)):
        yield f"{label}.{column} is readable text without a reason: seal it, or say why not in personal_data."
    for column in sorted(set(data.plain) - words):
        yield f"{label}.{column} has a reason to be readable, but is no readable column."
    for name in sorted(_file_properties(model) ^ set(data.files)):
        yield f"{label}.{name}: its declared files and its properties that return a SealedFile differ."
    yield from records.faults_of(model, data)


def is_readable_text(field: models.Field) -> bool:
    """Return whether words could stand in this column, readable."""
    if isinstance(field, (SealedField, *WORDLESS)):
        return False
    return not (isinstance(field, models.CharField) and field.choices)


def as_markdown(columns: list[Column]) -> str:
    """Return the inventory as the page docs/keys.md."""
    lines = [HEAD]
    told_of = {record.label: record for record in records.records()}
    for model in dict.fromkeys(column.model for column in columns):
        own = [column for column in columns if column.model == model]
        lines.append(f"\n### {model}\n")
        lines += [*told_of[model].as_lines(), ""]
        if told := [column for column in own if column.kept != "fixed"]:
            lines.append("| column | kept | key | why it is readable |\n|---|---|---|---|")
            lines += [f"| {c.column} | {c.kept} | {c.key} | {c.reason} |" for c in told]
            lines.append("")
        fixed = ", ".join(column.column for column in own if column.kept == "fixed")
        lines.append(f"Only an {FIXED}: {fixed}." if fixed else "")
    return "\n".join([*lines, *stores.as_lines(), *caches.as_lines()]).rstrip() + "\n"


HEAD = """# Where data lives, and under which key

Written by `manage.py data_inventory --markdown > docs/keys.md`; a test compares. **Sealed** columns and files hold
ciphertext (AES-256-GCM) under the key named; destroying a mailbox's key ends everything under it. **Plain** columns are
readable text, each with its reason. *Origin* says with what rows end: a **mailbox** that is disconnected, or an
**account** that is closed, **usage** likewise. Rows of a mailbox are found by the paths beside it."""


def _columns(model: type[models.Model], data: PersonalData) -> Iterator[Column]:
    label = model._meta.label
    for field in model._meta.concrete_fields:
        name = field.attname
        if isinstance(field, SealedField):
            yield Column(label, name, data.about, "sealed", field.key, "")
        elif name in data.plain:
            yield Column(label, name, data.about, "plain", "", data.plain[name])
        else:
            yield Column(label, name, data.about, "fixed", "", "")
    yield from (Column(label, name, data.about, "file", str(key), "") for name, key in _files(data.files))


def _files(files: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(files.items())


def _file_properties(model: type[models.Model]) -> set[str]:
    properties = inspect.getmembers(model, lambda member: isinstance(member, property))
    return {
        name for name, p in properties if p.fget and p.fget.__annotations__.get("return") in {SealedFile, "SealedFile"}
    }
