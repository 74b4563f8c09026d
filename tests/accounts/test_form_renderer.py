"""Widgets written by us are what Django's templates write."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from accounts.form_renderer import QuickRenderer

_BETWEEN = re.compile(r">\s+<")
NASTY = '<b title="x">\'&amp;</b>\n'
CHOICES = [("", gettext_lazy("Nobody yet")), (1, NASTY), ("Group & Co", [("a", "A"), (NASTY, "B")])]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput(), NASTY),
        (forms.TextInput(), None),
        (forms.TextInput(), ""),
        (forms.TextInput({"required": True, "disabled": False, "data-x": NASTY, "title": gettext_lazy("Close")}), 0),
        (forms.TextInput({"title": mark_safe("&lt;")}), mark_safe("&amp;")),
        (forms.HiddenInput(), 5),
        (forms.EmailInput(), "a@b.example"),
        (forms.CheckboxInput(), True),
        (forms.CheckboxInput(), False),
        (forms.FileInput({"multiple": False}), None),
        (forms.DateTimeInput(), "2026-01-02T03:04"),
        (forms.Textarea(), NASTY),
        (forms.Textarea(), None),
        (forms.Select(choices=CHOICES), "1"),
        (forms.Select(choices=CHOICES), NASTY),
        (forms.SelectMultiple(choices=CHOICES), ["a", "1"]),
        (forms.RadioSelect(choices=CHOICES), "a"),
    ],
)
def test_a_widget_looks_as_django_writes_it(widget, value):
    ours, theirs = (
        _BETWEEN.sub("><", widget.render("name<", value, {"id": "id_name"}, renderer=renderer))
        for renderer in (QuickRenderer(), DjangoTemplates())
    )
    assert ours == theirs
