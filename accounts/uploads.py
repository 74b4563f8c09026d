"""Uploads stay in memory until they are sealed: no plain file is ever spooled to a disk (deskhero.asgi has a part)."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class SealedUploadHandler(FileUploadHandler):
    """Keep uploads in memory, MAX_ATTACHMENT_BYTES for the whole request; a larger one is refused as a whole.

    Stopping the upload alone would let the form through without its files, and an answer leave without them.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.buffer = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, or refuse the request when it is too large."""
        self.total = getattr(self, "total", 0) + len(raw_data)
        if self.total > settings.MAX_ATTACHMENT_BYTES:
            raise RequestDataTooBig("The files of this request are larger than mail can carry.")
        self.buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Hand the file over."""
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            file=self.buffer,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
