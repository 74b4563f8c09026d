"""Backups in an S3-compatible bucket (the extra `s3`): `s3://BUCKET/PREFIX?endpoint=https://…&region=…`.

Keys of access are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or a file of each), else the machine's role is asked.
The bucket must not keep versions, or what is deleted stays.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from boto3.s3.transfer import TransferConfig
from django.core.files.base import File
from storages.backends.s3 import S3Storage

PART = 16 * 1024 * 1024  # of a stream whose end nobody knows yet: up to 10,000 of them are one object


def options(address: str) -> dict[str, Any]:
    """Return what the storage needs of an address."""
    parts = urlsplit(address)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "endpoint_url": asked.get("endpoint"),
        "region_name": asked.get("region", "us-east-1"),
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
    }


class BucketStorage(S3Storage):
    """The library's storage, for streams whose length nobody knows; an upload that breaks off leaves nothing."""

    def __init__(self, address: str) -> None:
        """Take the address."""
        super().__init__(**options(address))

    def _save(self, name: str, content: File) -> str:
        stored = self.bucket.Object(self._normalize_name(name))
        stored.upload_fileobj(content.file, Config=TransferConfig(multipart_chunksize=PART, max_concurrency=2))
        return name

    def refuse_versions(self) -> None:
        """Raise ValueError where the bucket keeps what is deleted from it."""
        if self.bucket.Versioning().status == "Enabled":
            raise ValueError(f"The bucket {self.bucket_name} keeps versions: what is deleted would stay.")
