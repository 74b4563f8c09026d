"""Files under a hold: apart from the organization's own, so that what empties its folder leaves them alone."""

from accounts.sealing.files import SealedFile


class HeldFile(SealedFile):
    """A sealed file in the folder of its hold."""

    @property
    def path(self) -> str:
        """Return its name in the storage: ids only."""
        return f"holds/{self.owner}/{self.file_id}"
