"""CSV as the world writes it."""

import pytest

from tickets.contacts.columns import guess_columns, person_in
from tickets.contacts.sheets import MAX_CELL, NotASheet, Sheet

HEAD = "Name,E-mail,Company\n"


def cells(content, encoding="utf-8"):
    return [row.cells for row in Sheet(content.encode(encoding)).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15"])
def test_any_usual_charset_is_read(encoding):
    text = "Name,E-mail\nSøren Åkesson,soren@northlight.example\nZoë Müller,zoe@northlight.example\n"
    sheet = Sheet(text.encode(encoding))

    assert sheet.head == ["Name", "E-mail"]
    assert [row.cell(0) for row in sheet.rows()] == ["Søren Åkesson", "Zoë Müller"]


@pytest.mark.parametrize("bom", [b"\xff\xfe", b"\xfe\xff"])
def test_excels_unicode_text_is_read(bom):
    codec = "utf-16-le" if bom == b"\xff\xfe" else "utf-16-be"
    sheet = Sheet(bom + "Name\tE-mail\nÅsa\ta@b.example\n".encode(codec))

    assert [row.cells for row in sheet.rows()] == [["Åsa", "a@b.example"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_separator_is_found(separator):
    lines = [["Name", "E-mail", "Company"], ["Nora", "n@b.example", '"Light, Dark; and | Co"']]
    text = "\n".join(separator.join(line) for line in lines)

    assert cells(text) == [["Nora", "n@b.example", "Light, Dark; and | Co"]]


def test_the_line_in_which_excel_names_the_separator_is_obeyed():
    assert cells('sep=;\nName;E-mail\n"A, B";a@b.example\n') == [["A, B", "a@b.example"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_read(end):
    assert cells(f"Name,E-mail{end}Nora,n@b.example{end}") == [["Nora", "n@b.example"]]


def test_line_ends_inside_a_cell_stay_inside_and_rows_are_numbered_by_their_first_line():
    sheet = Sheet(b'Name,E-mail,Note\nA,a@b.example,"one\ntwo"\nB,b@b.example,\n')

    assert [(row.number, row.cells[2]) for row in sheet.rows()] == [(2, "one\ntwo"), (4, "")]


def test_empty_rows_and_nul_bytes_are_left_out():
    assert cells(HEAD + "\n,,\nNo\x00ra,n@b.example,X\n") == [["Nora", "n@b.example", "X"]]


def test_a_row_that_cannot_be_read_stops_no_other():
    huge = "x" * 200_000
    rows = list(
        Sheet(
            f"{HEAD}A,a@b.example,1\n{huge},b@b.example,2\n{'y' * (MAX_CELL + 1)},c,3\nD,d@b.example,4\n".encode()
        ).rows()
    )

    assert [(row.number, row.problem) for row in rows] == [(2, ""), (3, "unreadable"), (4, "too_long"), (5, "")]


def test_a_quotation_mark_that_never_ends_is_told():
    rows = list(Sheet((HEAD + 'A,a@b.example,1\n"B,b@b.example\n' + "C,c@b.example\n" * 20_000).encode()).rows())

    assert (rows[0].problem, rows[1].problem) == ("", "unreadable")


@pytest.mark.parametrize("content", [b"", b"  \n \n"])
def test_nothing_is_no_sheet(content):
    with pytest.raises(NotASheet):
        Sheet(content)


def test_formula_cells_are_text_and_the_apostrophe_of_an_export_goes():
    assert cells(HEAD + "'=1+1,n@b.example,=SUM(A1)\n") == [["=1+1", "n@b.example", "=SUM(A1)"]]


@pytest.mark.parametrize(
    ("head", "kinds"),
    [
        (["Name", "E-mail", "Company"], ["name", "address", "company"]),
        (["First Name", "Last Name", "E-mail 1 - Label", "E-mail 1 - Value", "Organization Name"],
         ["first", "last", "", "address", "company"]),
        (["Vorname", "Nachname", "E-Mail-Adresse", "Firma", "Notiz"], ["first", "last", "address", "company", "note"]),
        (["Förnamn", "Efternamn", "E-post", "Företag"], ["first", "last", "address", "company"]),
        (["Prénom", "Nom de famille", "Courriel", "Société"], ["first", "last", "address", "company"]),
        (["Phone", "Job Title"], ["", ""]),
        (["Email", "Other email", "Full name"], ["address", "address", "name"]),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_names(head, kinds):
    found = guess_columns(head)

    assert [found.get(str(number), "") for number in range(len(head))] == kinds


def test_a_row_says_who_it_is():
    sheet = Sheet(
        b"First,Last,Mail,Other,Firm\nNora,Nordlund,n@b.example;N@b.example,<x@y.example> z@y.example,Light\n"
    )
    columns = {"0": "first", "1": "last", "2": "address", "3": "address", "4": "company"}

    person = person_in(next(sheet.rows()), columns)

    assert (person.name, person.company) == ("Nora Nordlund", "Light")
    assert person.addresses == ["n@b.example", "N@b.example", "x@y.example", "z@y.example"]
