"""Static files under hashed names, also where one script of ours imports another."""

from functools import cached_property

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Rewrites imports between our modules too, so that a browser never mixes the files of two releases."""

    support_js_module_import_aggregation = True
    # Ours only: scripts of packages import what their package does not ship.
    _js_module_import_aggregation_patterns = ("js/*.js", _IMPORTS)

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {}

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the address of a file, worked out once: every page names twenty."""
        if force or not name:
            return str(super().url(name, force))
        found = self._addresses.get(name)
        if found is None:
            found = self._addresses[name] = str(super().url(name))
        return found
