"""A browser never mixes the scripts of two releases: what one of ours imports has a hashed name too."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile

from deskhero.static_files import HashedStorage


@pytest.fixture
def collected(tmp_path: Path, settings: Any) -> HashedStorage:
    """Two scripts of ours and one of a package, collected."""
    settings.STATIC_ROOT = str(tmp_path)
    plain = StaticFilesStorage(location=str(tmp_path))
    plain.save("js/one.js", ContentFile('import { two } from "./two.js";\ntwo();\n'))
    plain.save("js/two.js", ContentFile("export const two = () => {};\n"))
    plain.save("package/three.js", ContentFile('import { nothing } from "./not-shipped.js";\n'))
    storage = HashedStorage(location=str(tmp_path))
    paths = {name: (plain, name) for name in ("js/one.js", "js/two.js", "package/three.js")}
    for _name, _hashed, done in storage.post_process(paths):
        assert not isinstance(done, Exception), done
    return storage


def test_an_import_between_our_scripts_names_the_hashed_file(collected: HashedStorage) -> None:
    hashed = Path(collected.path(collected.stored_name("js/one.js"))).read_text()

    found = re.search(r'"\./(two\.[0-9a-f]{12}\.js)"', hashed)
    assert found, hashed
    assert Path(collected.path(f"js/{found[1]}")).exists()


def test_a_package_that_imports_what_it_does_not_ship_is_left_alone(collected: HashedStorage) -> None:
    assert "not-shipped.js" in Path(collected.path(collected.stored_name("package/three.js"))).read_text()
