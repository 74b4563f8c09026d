"""Texts and attachments: multiparts of every shape, charsets, encodings, file names."""

# ruff: noqa: E501 - tables of words and samples read best unbroken

import base64

import pytest

from tickets.mail import parse

HEAD = b"From: carol@customer.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def mail(content_type: str, body: bytes | str, *headers: str) -> bytes:
    """Return a mail of one part, or of the parts that the body spells out."""
    lines = "".join(f"{header}\r\n" for header in headers)
    data = body.encode() if isinstance(body, str) else body
    return HEAD + f"Content-Type: {content_type}\r\n{lines}\r\n".encode() + data


def parts(kind: str, *sections: str, boundary: str = "b", extra: str = "") -> bytes:
    """Return a multipart mail of sections that begin with their headers."""
    body = "".join(f"--{boundary}\r\n{section}\r\n" for section in sections) + f"--{boundary}--\r\n"
    return mail(f'multipart/{kind}; boundary="{boundary}"{extra}', body)


TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n"
FILE = "Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment\r\n\r\n"

CHARSETS = [
    ("text/plain; charset=utf-8", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=iso-8859-1", "Grüße".encode("latin-1"), "Grüße"),
    ("text/plain; charset=iso-8859-1", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=us-ascii", "Grüße €".encode(), "Grüße €"),
    ("text/plain; charset=us-ascii", "Grüße".encode("latin-1"), "Grüße"),
    ("text/plain; charset=utf-8", "Grüße aus Köln".encode("latin-1"), "Grüße aus Köln"),
    ("text/plain", "Grüße".encode(), "Grüße"),
    ("text/plain", "Grüße aus Köln, schöne Tage".encode("latin-1"), "Grüße aus Köln, schöne Tage"),
    ("text/plain; charset=x-unknown", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=unknown-8bit", "Grüße aus Köln".encode("latin-1"), "Grüße aus Köln"),
    ("text/plain; charset=iso-8859-1", "10 €".encode("cp1252"), "10 €"),
    ("text/plain; charset=iso-8859-15", "10 €".encode("iso-8859-15"), "10 €"),
    ("text/plain; charset=iso-8859-2", "Zażółć".encode("iso-8859-2"), "Zażółć"),
    ("text/plain; charset=windows-1250", "Zażółć".encode("cp1250"), "Zażółć"),
    ("text/plain; charset=koi8-r", "Привет".encode("koi8-r"), "Привет"),
    ("text/plain; charset=windows-1251", "Привет".encode("cp1251"), "Привет"),
    ("text/plain; charset=cp1251", "Привет, мир".encode(), "Привет, мир"),
    ("text/plain; charset=gb2312", "你好，世界".encode("gbk"), "你好，世界"),
    ("text/plain; charset=gb2312", "朱镕基".encode("gbk"), "朱镕基"),
    ("text/plain; charset=gbk", "你好，世界，今天".encode(), "你好，世界，今天"),
    ("text/plain; charset=big5", "你好，世界".encode("big5"), "你好，世界"),
    ("text/plain; charset=shift_jis", "こんにちは①".encode("cp932"), "こんにちは①"),
    ("text/plain; charset=iso-2022-jp", "こんにちは".encode("iso2022_jp"), "こんにちは"),
    ("text/plain; charset=us-ascii", "こんにちは".encode("iso2022_jp"), "こんにちは"),
    ("text/plain; charset=euc-jp", "こんにちは".encode("euc_jp"), "こんにちは"),
    ("text/plain; charset=euc-kr", "안녕하세요".encode("cp949"), "안녕하세요"),
    ("text/plain; charset=ks_c_5601-1987", "안녕하세요".encode("cp949"), "안녕하세요"),
    ("text/plain; charset=utf-16", "Grüße".encode("utf-16"), "Grüße"),
    ("text/plain; charset=utf-16le", "Grüße".encode("utf-16-le"), "Grüße"),
    ("text/plain; charset=utf-7", b"Gr+APwA3w-e", "Grüße"),
    ("text/plain; charset=\"utf-8", "Grüße".encode(), "Grüße"),
    ("text/plain; charset='utf-8'", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=utf-8; charset=iso-8859-1", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=3Dutf-8", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=utf8", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=unicode_escape", b"a\\nb", "a\\nb"),
    ("text/plain; charset=rot13", b"abc", "abc"),
    ("text/plain; charset=utf-8", "\ufeffGrüße".encode(), "Grüße"),
    ("text/plain; charset=utf-8", b"a\x00b", "ab"),
    ("text/plain; charset=utf-8", "Grüße, schön, toll ".encode() + b"\xe2\x82", "Grüße, schön, toll â‚"),
    ("text", b"Hello", "Hello"),
    ("text/", b"Hello", "Hello"),
    ("nonsense", b"Hello", "Hello"),
    ("", b"Hello", "Hello"),
    ("text/plain charset=utf-8", "Grüße".encode(), "Grüße"),
    ("TEXT/PLAIN; CHARSET=UTF-8", "Grüße".encode(), "Grüße"),
    ("text/html", "<p>Grüße</p>".encode("latin-1"), "Grüße"),
    ("text/html", b"<meta charset=windows-1251><p>\xcf\xf0\xe8\xe2\xe5\xf2</p>", "Привет"),
]  # fmt: skip


@pytest.mark.parametrize(("content_type", "body", "text"), CHARSETS)
def test_a_text_is_read_whatever_its_label_says(content_type, body, text):
    assert parse(mail(content_type, body)).text == text


ENCODINGS = [
    ("quoted-printable", b"Gr=C3=BC=C3=9Fe", "Grüße"),
    ("quoted-printable", b"one =\r\ntwo", "one two"),
    ("quoted-printable", b"one =  \r\ntwo", "one two"),
    ("quoted-printable", b"a=b =ZZ", "a=b =ZZ"),
    ("Quoted-Printable", b"=c3=bc", "ü"),
    ("quoted-printable ;", b"=C3=BC", "ü"),
    ("base64", base64.b64encode("Grüße".encode()), "Grüße"),
    ("base64", b"R3LD\r\nvMOf\r\nZQ", "Grüße"),
    ("base64", b"R3LDvMOfZQ==\r\n-- \r\nlist footer with words\r\n", "Grüße"),
    ("base64", b"R3LDvA==\r\nw59l", "Grüße"),
    ("base64", b"This is no base64 at all, only text.", "This is no base64 at all, only text."),
    ("BASE64", b"R3LDvMOfZQ==", "Grüße"),
    ("8bit", "Grüße".encode(), "Grüße"),
    ("binary", "Grüße".encode(), "Grüße"),
    ("x-nothing", b"Hello", "Hello"),
    ("", b"Hello", "Hello"),
    ("x-uuencode", b"begin 644 text\r\n%2&5L;&\\ \r\n`\r\nend\r\n", "Hello"),
]


@pytest.mark.parametrize(("encoding", "body", "text"), ENCODINGS)
def test_transfer_encodings_are_undone_and_wrong_ones_left_alone(encoding, body, text):
    raw = mail("text/plain; charset=utf-8", body, f"Content-Transfer-Encoding: {encoding}")

    assert parse(raw).text == text


@pytest.mark.parametrize(
    ("parameters", "body", "text"),
    [
        ("format=flowed", "one \ntwo\nthree", "one two\nthree"),
        ("format=flowed; delsp=yes", "one \ntwo", "onetwo"),
        ("format=flowed", "> one \n> two\nthree", "> one two\nthree"),
        ("format=flowed", " >not a quote", ">not a quote"),
        ("format=flowed", "text \n-- \nCarol", "text \n-- \nCarol"),
        ("format=Flowed; DelSp=No", "one \ntwo", "one two"),
    ],
)
def test_flowed_text_is_joined(parameters, body, text):
    lines = parse(mail(f"text/plain; charset=utf-8; {parameters}", body)).text.split("\n")

    assert [line.rstrip() for line in lines] == [line.rstrip() for line in text.split("\n")]


STRUCTURES = [
    ("plain and html", parts("alternative", TEXT + "plain", HTML + "<p>rich</p>"), "plain", []),
    ("html alone", mail("text/html", "<p>one</p><p>two</p>"), "one\n\ntwo", []),
    ("an empty plain form", parts("alternative", TEXT + " ", HTML + "<p>rich</p>"), "rich", []),
    ("a placeholder", parts("alternative", TEXT + "Your program does not support HTML.", HTML + "<p>" + "rich " * 60),
     ("rich " * 60).strip(), []),
    ("text and file", parts("mixed", TEXT + "hello", FILE + "%PDF"), "hello", ["a.pdf"]),
    ("two texts around a file", parts("mixed", TEXT + "one", FILE + "x", TEXT + "two"), "one\n\ntwo", ["a.pdf"]),
    ("a file alone", mail("application/pdf; name=a.pdf", "%PDF"), "", ["a.pdf"]),
    ("a text file alone", mail("text/plain; name=a.txt", "x", "Content-Disposition: attachment; filename=a.txt"), "",
     ["a.txt"]),
    ("a text file beside", parts("mixed", TEXT + "hello", "Content-Type: text/plain; name=log.txt\r\n\r\nlog"), "hello",
     ["log.txt"]),
    ("an html file beside", parts("mixed", TEXT + "hello",
     "Content-Type: text/html\r\nContent-Disposition: attachment; filename=p.html\r\n\r\n<p>"), "hello", ["p.html"]),
    ("no last boundary", mail("multipart/mixed; boundary=b", "--b\r\n\r\nhello\r\n--b\r\n" + FILE + "x"), "hello", ["a.pdf"]),
    ("no boundary parameter", mail("multipart/mixed", "--zz\r\nContent-Type: text/plain\r\n\r\nhello\r\n--zz--"), "hello", []),
    ("an empty boundary", mail('multipart/mixed; boundary=""', "--\r\nContent-Type: text/plain\r\n\r\nhello\r\n----"),
     "hello", []),
    ("a wrong boundary", mail("multipart/mixed; boundary=other", "--zz\r\nContent-Type: text/plain\r\n\r\nhello\r\n--zz--"),
     "hello", []),
    ("no parts at all", mail("multipart/mixed; boundary=b", "only text"), "only text", []),
    ("text before the first part", mail("multipart/mixed; boundary=b", "preamble\r\n--b\r\n\r\nhello\r\n--b--\r\nend"),
     "hello", []),
    ("blanks after the boundary", mail("multipart/mixed; boundary=b", "--b  \r\n\r\nhello\r\n--b--  \r\n"), "hello", []),
    ("a boundary within a longer one", mail("multipart/mixed; boundary=b", "--b\r\n\r\nhello\r\n--bb\r\nmore\r\n--b--"),
     "hello\n--bb\nmore", []),
    ("the same boundary inside", mail("multipart/mixed; boundary=b",
     "--b\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n" + TEXT + "plain\r\n--b\r\n" + FILE + "x\r\n--b--"),
     "plain", ["a.pdf"]),
    ("a boundary with odd signs", mail('multipart/mixed; boundary="=_(x)+y?:/"', "--=_(x)+y?:/\r\n\r\nhello\r\n--=_(x)+y?:/--"),
     "hello", []),
    ("parts after the end", mail("multipart/mixed; boundary=b", "--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\ntwo\r\n--b--"),
     "one\n\ntwo", []),
    ("a forwarded mail", parts("mixed", TEXT + "see this",
     "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nhidden"), "see this", ["inner.eml"]),
    ("a digest", parts("digest", "\r\nSubject: one\r\n\r\nx", "\r\nSubject: two\r\n\r\ny"), "", ["one.eml", "two.eml"]),
    ("a picture in the text", parts("related", HTML + "<p>look <img src='cid:p1'></p>",
     "Content-Type: image/png\r\nContent-ID: <p1>\r\n\r\nPNG"), "look", ["unnamed.png"]),
    ("apple: text, file, text in html", parts("alternative", TEXT + "plain",
     "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n" + HTML + "<p>one</p>\r\n--i\r\n" + FILE + "x\r\n--i\r\n" + HTML
     + "<p>two</p>\r\n--i--"), "plain", ["a.pdf"]),
    ("html that says plain", mail("text/plain", "<!DOCTYPE html><html><body><p>rich</p></body></html>"), "rich", []),
    ("base64 over a multipart", mail("multipart/mixed; boundary=b",
     base64.b64encode(b"--b\r\n\r\nhello\r\n--b--"), "Content-Transfer-Encoding: base64"), "hello", []),
    ("uuencode in the text", mail("text/plain", "see file\r\n\r\nbegin 644 a.txt\r\n%2&5L;&\\ \r\n`\r\nend\r\nbye"),
     "see file\n\nbye", ["a.txt"]),
    ("a word that begins", mail("text/plain", "begin 644 reasons to be glad\r\nand no more"),
     "begin 644 reasons to be glad\nand no more", []),
    ("an invitation alone", mail("text/calendar; method=REQUEST",
     "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Lunch\\, with Bob\r\nDTSTART:20240312T120000Z\r\n"
     "LOCATION:Hall\r\nEND:VEVENT\r\nEND:VCALENDAR"),
     "Invitation: Lunch, with Bob\nWhen: 2024-03-12 12:00 UTC\nWhere: Hall", ["unnamed.ics"]),
    ("a clear-signed mail", mail("text/plain",
     "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nhello\r\n- - dash\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nabc\r\n"
     "-----END PGP SIGNATURE-----\r\n"), "hello\n- dash", []),
    ("pgp/mime signed", parts("signed", TEXT + "hello", "Content-Type: application/pgp-signature\r\n\r\nabc"), "hello",
     ["unnamed.asc"]),
    ("empty body", mail("text/plain", ""), "", []),
    ("enriched text", mail("text/enriched", "<bold>hello</bold>"), "hello", []),
    ("markdown", mail("text/markdown", "# hello"), "# hello", []),
    ("a csv without a name", parts("mixed", TEXT + "hello", "Content-Type: text/csv\r\n\r\na,b"), "hello", ["unnamed.csv"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "text", "names"), [case[1:] for case in STRUCTURES], ids=[case[0] for case in STRUCTURES]
)
def test_every_text_and_file_is_found(raw, text, names):
    understood = parse(raw)

    assert understood.text == text
    assert [attachment.name for attachment in understood.attachments] == names
    assert understood.error is None


@pytest.mark.parametrize(
    ("raw", "text", "names"), [case[1:] for case in STRUCTURES], ids=[case[0] for case in STRUCTURES]
)
def test_bare_line_feeds_change_nothing(raw, text, names):
    understood = parse(raw.replace(b"\r\n", b"\n"))

    assert (understood.text, [attachment.name for attachment in understood.attachments]) == (text, names)


FILE_NAMES = [
    ('attachment; filename="report.pdf"', "report.pdf"),
    ("attachment; filename=report.pdf", "report.pdf"),
    ("attachment; filename=my report.pdf", "my report.pdf"),
    ("attachment; filename=my report.pdf; size=12", "my report.pdf"),
    ('attachment; filename="my; report.pdf"', "my; report.pdf"),
    ("attachment; filename*=utf-8''%C3%BCbung.pdf", "übung.pdf"),
    ("attachment; filename*=UTF-8'de'%C3%BCbung.pdf", "übung.pdf"),
    ("attachment; filename*=iso-8859-1''%FCbung.pdf", "übung.pdf"),
    ("attachment; filename*=''%C3%BCbung.pdf", "übung.pdf"),
    ("attachment; filename*=\"utf-8''%C3%BCbung.pdf\"", "übung.pdf"),
    ("attachment; filename*0=long; filename*1=name.pdf", "longname.pdf"),
    ('attachment; filename*0="long"; filename*1="name.pdf"', "longname.pdf"),
    ("attachment; filename*1=name.pdf; filename*0=long", "longname.pdf"),
    ("attachment; filename*0*=utf-8''%C3%BC; filename*1=bung.pdf", "übung.pdf"),
    ("attachment; filename*0*=utf-8''%C3; filename*1*=%BCbung.pdf", "übung.pdf"),
    ("attachment; filename=plain.pdf; filename*=utf-8''%C3%BCbung.pdf", "übung.pdf"),
    ('attachment; filename="=?utf-8?q?=C3=BCbung.pdf?="', "übung.pdf"),
    ("attachment; filename==?utf-8?q?=C3=BCbung.pdf?=", "übung.pdf"),
    ('attachment; filename="=?utf-8?q?=C3=BC?=\r\n =?utf-8?q?bung.pdf?="', "übung.pdf"),
    ('attachment; filename*0="=?utf-8?q?=C3=BC?="; filename*1="=?utf-8?q?bung.pdf?="', "übung.pdf"),
    ('attachment; filename="%C3%BCbung.pdf"', "übung.pdf"),
    ('attachment; filename="100%25.pdf"', "100%25.pdf"),
    ('attachment; filename="übung.pdf"', "übung.pdf"),
    ('attachment; filename="a \\"b\\" c.pdf"', "a b c.pdf"),
    ('attachment; filename="C:\\\\temp\\\\a.pdf"', "a.pdf"),
    ('attachment; filename="C:\\temp\\a.pdf"', "a.pdf"),
    ('attachment; filename="../../etc/passwd"', "passwd"),
    ('attachment; filename="/etc/passwd"', "passwd"),
    ('attachment; filename=".htaccess"', "htaccess"),
    ('attachment; filename="unclosed.pdf', "unclosed.pdf"),
    ('attachment; filename="a.pdf" size=12', "a.pdf"),
    ("filename=a.pdf", "a.pdf"),
    ('attachment filename="a.pdf"', "a.pdf"),
    ('attachment;filename = "a.pdf"', "a.pdf"),
    ("attachment; FILENAME=a.pdf", "a.pdf"),
    ("attachment; filename='a.pdf'", "a.pdf"),
    ('attachment; filename=""', "unnamed.pdf"),
    ('attachment; filename="a\u202efdp.exe"', "afdp.exe"),
    ("attachment", "unnamed.pdf"),
    ('attachment; filename="a\x00b.pdf"', "ab.pdf"),
    ('attachment; filename="' + "a" * 300 + '.pdf"', "a" * 236 + ".pdf"),
]


@pytest.mark.parametrize(("disposition", "name"), FILE_NAMES)
def test_file_names_are_read_in_every_mixture_and_made_safe(disposition, name):
    raw = mail("application/pdf", "x", f"Content-Disposition: {disposition}")

    assert [attachment.name for attachment in parse(raw).attachments] == [name]


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ('application/pdf; name="a.pdf"', "a.pdf"),
        ("application/pdf; name*=utf-8''%C3%BC.pdf", "ü.pdf"),
        ('application/pdf; name="=?iso-8859-1?Q?=FC.pdf?="', "ü.pdf"),
        ("application/pdf; name==?utf-8?B?w7wucGRm?=", "ü.pdf"),
        ("application/pdf; foo; name=a.pdf", "a.pdf"),
        ("application/pdf; name=a.pdf; name=b.pdf", "a.pdf"),
        ("application/pdf; (comment) name=a.pdf", "a.pdf"),
    ],
)
def test_the_name_in_the_content_type_serves_when_there_is_no_other(content_type, name):
    assert [attachment.name for attachment in parse(mail(content_type, "x")).attachments] == [name]


def test_a_picture_that_the_html_shows_is_inline_and_others_are_not():
    raw = parts(
        "related",
        HTML + '<img src="cid:one@x">',
        "Content-Type: image/png; name=1.png\r\nContent-ID: <one@x>\r\n\r\nPNG",
        "Content-Type: image/png; name=2.png\r\nContent-ID: <two@x>\r\nContent-Disposition: inline\r\n\r\nPNG",
    )

    assert [(a.name, a.inline, a.disposition) for a in parse(raw).attachments] == [
        ("1.png", True, ""),
        ("2.png", False, "inline"),
    ]


def test_html_is_kept_as_it_came():
    assert parse(parts("alternative", TEXT + "x", HTML + "<script>1</script>")).html == "<script>1</script>"


def test_binary_content_is_kept_to_the_byte():
    content = bytes(range(256)) * 50
    raw = mail("application/octet-stream; name=b.bin", base64.encodebytes(content), "Content-Transfer-Encoding: base64")

    assert parse(raw).attachments[0].content == content
