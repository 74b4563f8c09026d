"""Static files under hashed names, also where one script of ours imports another."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Rewrites imports between our modules too, so that a browser never mixes the files of two releases."""

    support_js_module_import_aggregation = True
    # Ours only: scripts of packages import what their package does not ship.
    _js_module_import_aggregation_patterns = ("js/*.js", _IMPORTS)
