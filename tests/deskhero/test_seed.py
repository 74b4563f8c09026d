"""seed_sample keeps away from real providers, and prints sign-ins at any time."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from deskhero.sample.people import current_code
from deskhero.sample.stories import World


@pytest.mark.parametrize("root", ["https://gmail.googleapis.com", "https://mail.example"])
def test_the_sample_is_refused_where_a_real_provider_would_be_asked(settings: Any, root: str) -> None:
    settings.GMAIL_API_ROOT, settings.PROVIDER_CA_BUNDLE = root, "bundle.pem"

    with pytest.raises(CommandError, match="needs the simulator"):
        call_command("seed_sample")


def test_the_sample_is_refused_in_production(settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="not for production"):
        call_command("seed_sample")


def test_sign_ins_name_everybody_and_the_codes_of_now() -> None:
    out = StringIO()

    call_command("seed_sample", "--signins", stdout=out)

    world = World.load()
    people = [world.staff, *(person for company in world.companies for person in company.people)]
    assert all(person.email in out.getvalue() for person in people)
    assert world.password in out.getvalue()
    assert len(re.findall(r"code \d{6}", out.getvalue())) == sum(bool(person.totp) for person in people)
    assert re.fullmatch(r"\d{6}", current_code(world.staff.totp)[0])
