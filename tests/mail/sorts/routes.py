"""Lists, our own mail, mail that goes round, and what providers think of a mail."""

# ruff: noqa: E501 - tables of samples read best unbroken

from tests.mail.sorts import OURS, Sample, letter

GOOGLE = "Received: from mail.elsewhere.example (192.0.2.9) by mx.google.com with ESMTPS id 1 for <help@acme.example>"
MICROSOFT = (
    "Received: from mail.elsewhere.example by AM1EUR01FT001.mail.protection.outlook.com with Microsoft SMTP Server"
)
FOREIGN = "Received: from pc (192.0.2.10) by mail.elsewhere.example with ESMTP"
FORGED = "dmarc=fail (p=REJECT sp=REJECT dis=QUARANTINE) header.from=customer.example"


def listed(name: str, *headers: str, automatic: bool = False) -> Sample:
    """Return a sample of what came to many."""
    return Sample(name, letter("Subject: News", *headers), "list", automatic=automatic)


def spam(name: str, *headers: str, reason: str = "provider") -> Sample:
    """Return a sample of what the provider warns of."""
    return Sample(name, letter("Subject: Pills", *headers), "spam", reason=reason)


def person(name: str, *headers: str) -> Sample:
    """Return a sample of which no verdict counts."""
    return Sample(name, letter("Subject: Pills", *headers), "human", may=True)


def ours(
    name: str, *headers: str, kind: str = "own", reason: str = "", sender: str = f"Help <{OURS.upper()}>"
) -> Sample:
    """Return a sample that names one of our addresses as its sender."""
    return Sample(name, letter("Subject: Your door", *headers, sender=sender), kind, reason=reason)


SAMPLES: list[Sample] = [
    listed("discussion-list", "List-Id: <doors.customer.example>", "List-Post: <mailto:doors@customer.example>", "Precedence: list"),
    listed("list-id", "List-Id: <news.shop.example>"),
    listed("newsletter", "List-Unsubscribe: <mailto:leave@shop.example>"),
    listed("one-click-newsletter", "List-Unsubscribe: <https://shop.example/u>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "Feedback-ID: 1:2:3:shop"),
    listed("bulk", "Precedence: bulk", automatic=True),
    listed("junk", "Precedence: junk", automatic=True),
    listed("list-without-a-list", "Precedence: list", automatic=True),
    listed("bulk-newsletter", "Precedence: bulk", "List-Unsubscribe: <mailto:leave@shop.example>", automatic=True),
    listed("generated-newsletter", "List-Id: <x>", "Auto-Submitted: auto-generated", automatic=True),
    listed("campaign", "X-Campaign-Id: 12"),
    listed("list-server-that-only-names-itself", "X-MLServer: lists [release 4]"),
    listed("old-list-software", "Mailing-List: contact doors-help@lists.customer.example"),
    person("first-class", "Precedence: first-class"),
    person("declared-by-a-person", "Auto-Submitted: no"),
    ours("own-address"),
    ours("own-address-confirmed", GOOGLE, "Authentication-Results: mx.google.com; dmarc=pass header.from=acme.example"),
    ours("own-address-not-confirmed", GOOGLE, "Authentication-Results: mx.google.com; dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=acme.example", reason="could not confirm"),
    ours("own-address-forged", GOOGLE, f"Authentication-Results: mx.google.com; {FORGED}", kind="spam", reason="forged"),
    ours("our-marker", "X-Deskhero-Marker: 0123", kind="loop", sender="Carol <carol@customer.example>"),
    ours("x-loop-names-us", f"X-Loop: {OURS}", kind="loop", sender="Carol <carol@customer.example>"),
    ours("sixty-servers", *["Received: from a by b"] * 60, kind="loop", sender="Carol <carol@customer.example>"),
    Sample("thirty-servers", letter("Subject: Door", *["Received: from a by b"] * 30), "human", may=True),
    Sample("x-loop-names-another", letter("Subject: Door", "X-Loop: dave@customer.example"), "human", may=True),
    spam("scl", "X-MS-Exchange-Organization-SCL: 6"),
    spam("forefront", "X-Forefront-Antispam-Report: CIP:192.0.2.9;SFV:SPM;SCL:5"),
    spam("phishing", "X-Forefront-Antispam-Report: CIP:192.0.2.9;SFV:NSPM;CAT:PHSH", reason="phishing"),
    spam("impersonation", "X-Forefront-Antispam-Report: CIP:192.0.2.9;CAT:UIMP", reason="forged"),
    spam("malware", "X-Forefront-Antispam-Report: CIP:192.0.2.9;CAT:MALW", reason="harmful"),
    spam("filter-on-the-way", "X-Spam-Flag: YES", reason="filter"),
    spam("filter-on-the-way-2", "X-Spam-Status: Yes, score=12.0 required=5.0", reason="filter"),
    spam("dmarc-at-google", GOOGLE, f"Authentication-Results: mx.google.com; spf=fail smtp.mailfrom=x; {FORGED}", FOREIGN, reason="DMARC"),
    spam("dmarc-at-microsoft", MICROSOFT, "Authentication-Results: spf=fail (sender IP is 192.0.2.9) smtp.mailfrom=x; dkim=none; dmarc=fail action=oreject header.from=customer.example;compauth=fail reason=000", FOREIGN, reason="DMARC"),
    spam("no-reply-and-forged", GOOGLE, "From: noreply@bank.example", f"Authentication-Results: mx.google.com; {FORGED}", reason="DMARC"),
    person("scl-of-good-mail", "X-MS-Exchange-Organization-SCL: 1"),
    person("trusted-scl", "X-MS-Exchange-Organization-SCL: -1"),
    person("good-by-forefront", "X-Forefront-Antispam-Report: CIP:192.0.2.9;SFV:NSPM;SCL:1;CAT:NONE"),
    person("no-spam", "X-Spam-Status: No, score=-1.9 required=5.0", "X-Spam-Flag: NO"),
    person("dmarc-passes", GOOGLE, "Authentication-Results: mx.google.com; dmarc=pass (p=REJECT) header.from=customer.example"),
    person("dmarc-without-policy", GOOGLE, "Authentication-Results: mx.google.com; dmarc=fail (p=NONE) header.from=customer.example"),
    person("another-server's-results", f"Authentication-Results: mail.elsewhere.example; {FORGED}"),
    person("forged-below-the-provider's", GOOGLE, "Authentication-Results: mx.google.com; dmarc=pass header.from=customer.example", FOREIGN, f"Authentication-Results: mx.google.com; {FORGED}"),
    person("forged-below-a-foreign-server", GOOGLE, FOREIGN, f"Authentication-Results: mx.google.com; {FORGED}"),
    person("a-name-that-ends-like-the-provider's", f"Authentication-Results: notmx.google.com.evil.example; {FORGED}"),
    person("forged-microsoft-results", MICROSOFT, FOREIGN, f"Authentication-Results: spf=fail; {FORGED}"),
]  # fmt: skip
