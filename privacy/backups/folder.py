"""Backups in a folder: an object is there whole and on disk, or not there at all."""

import os
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class FolderStorage(FileSystemStorage):
    """Django's storage of files, written beside their place and moved there at the end; nobody else may read them."""

    def __init__(self, location: str | Path | None = None) -> None:
        """Take the folder."""
        super().__init__(location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def _save(self, name: str, content: File) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.part")
        try:
            with draft.open("wb") as target:
                os.fchmod(target.fileno(), 0o600)
                for chunk in content.chunks():
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return name

    def delete(self, name: str) -> None:
        """Remove an object, and what a killed run left of it."""
        super().delete(name)
        path = Path(self.path(name))
        path.with_name(f"{path.name}.part").unlink(missing_ok=True)
