"""SECURITY 7: where a link of a mail leads, beside what its words say."""

import pytest

from tickets.links import goes_elsewhere, host_shown
from tickets.paper import lay_out


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://bank.example/login", "https://evil.example/"),
        ("Go to www.bank.example", "https://bank.example.evil.test/"),
        ("bank.example", "https://click.mailer.test/abc"),
        ("info@bank.example", "https://evil.example/"),
        ("Click here", "https://xn--bnk-5cd.example/"),
        ("Click here", "https://bаnk.example/"),
    ],
)
def test_a_link_that_leads_elsewhere_than_it_says_is_known(text, address):
    assert goes_elsewhere(text, address)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Click here", "https://evil.example/"),
        ("https://www.bank.example/login", "https://bank.example/"),
        ("bank.example", "https://login.bank.example/x"),
        ("invoice.pdf", "https://bank.example/"),
        ("10.50 EUR", "https://bank.example/"),
        ("carol@customer.example", "mailto:dan@customer.example"),
        ("bank.example", "tel:+31"),
        ("bank.example", "https://[broken"),
        ("", "https://bank.example/"),
    ],
)
def test_other_links_need_no_words(text, address):
    assert not goes_elsewhere(text, address)


def test_a_host_that_imitates_is_shown_in_both_forms():
    assert host_shown("https://bаnk.example/x") == "bаnk.example (xn--bnk-6cd.example)"
    assert host_shown("https://www.bank.example/x") == "bank.example"


def test_the_paper_says_where_such_a_link_goes():
    html = lay_out(
        '<p><a href="https://evil.example/x?a=1&amp;b=2" title="bank">www.bank.example</a>, and more</p>'
    ).html

    assert '<span class="deskhero-goes-to">goes to evil.example</span>, and more' in html
    assert 'title="https://evil.example/x?a=1&amp;b=2"' in html
    assert "bank</a>" not in html.replace("www.bank.example</a>", "")


def test_a_mail_cannot_write_such_words_itself():
    html = lay_out(
        '<a href="https://evil.example">x</a><span class="deskhero-goes-to">goes to bank.example</span>'
    ).html

    assert "deskhero" not in html
