"""Backups in a bucket: the real client of S3 against a server that speaks as much of it as backups need."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from privacy.actions.take_backup import take_backup
from privacy.actions.verify_backup import verify_backup
from privacy.backups import postgres, store
from privacy.backups.errors import BackupFailed
from privacy.backups.expire import expire
from privacy.models import Backup

pytestmark = pytest.mark.django_db
PART = 16 * 1024 * 1024


class Bucket(BaseHTTPRequestHandler):
    """GET, PUT, HEAD, DELETE, listings and uploads in parts, in memory."""

    objects: dict[str, bytes] = {}
    parts: dict[str, dict[int, bytes]] = {}
    versions = False
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        key, query = self._asked()
        if "uploadId" in query:
            self.parts[query["uploadId"]][int(query["partNumber"])] = self._body()
        else:
            self.objects[key] = self._body()
        self._answer(200, headers={"ETag": '"x"'})

    def do_POST(self) -> None:
        key, query = self._asked()
        self._body()
        if "uploads" in query:
            upload = f"upload-{len(self.parts)}"
            self.parts[upload] = {}
            self._answer(
                200, f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
            )
        else:
            done = self.parts.pop(query["uploadId"])
            self.objects[key] = b"".join(done[number] for number in sorted(done))
            self._answer(200, '<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>')

    def do_GET(self) -> None:
        key, query = self._asked()
        if "versioning" in query:
            status = "<Status>Enabled</Status>" if self.versions else ""
            self._answer(200, f"<VersioningConfiguration>{status}</VersioningConfiguration>")
        elif "/" not in key:
            self._list(query)
        elif key not in self.objects:
            self._answer(404, "<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._send(self.objects[key])

    def do_HEAD(self) -> None:
        key, _ = self._asked()
        if key in self.objects:
            self._answer(200, headers={"Content-Length": str(len(self.objects[key])), "ETag": '"x"'})
        else:
            self._answer(404)

    def do_DELETE(self) -> None:
        key, query = self._asked()
        self.parts.pop(query.get("uploadId", ""), None)
        if "uploadId" not in query:
            self.objects.pop(key, None)
        self._answer(204)

    def _send(self, data: bytes) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start, end = (int(wanted[1]), int(wanted[2] or len(data) - 1)) if wanted else (0, len(data) - 1)
        part = data[start : end + 1]
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("ETag", '"x"')
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
        self.end_headers()
        self.wfile.write(part)

    def _list(self, query: dict[str, str]) -> None:
        bucket = self._asked()[0]
        prefix = query.get("prefix", "")
        names = [key.removeprefix(f"{bucket}/") for key in sorted(self.objects)]
        inside = [name for name in names if name.startswith(prefix)]
        files = [name for name in inside if "/" not in name[len(prefix) :]]
        folders = sorted(
            {prefix + name[len(prefix) :].partition("/")[0] + "/" for name in inside} - {f"{f}/" for f in files}
        )
        text = "".join(f"<Contents><Key>{escape(name)}</Key><Size>1</Size></Contents>" for name in files)
        text += "".join(f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in folders)
        self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{text}</ListBucketResult>")

    def _asked(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        return unquote(parts.path).strip("/"), query

    def _body(self) -> bytes:
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        data = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # checksums that follow
        return data

    def _answer(self, code: int, text: str = "", headers: dict[str, str] | None = None) -> None:
        self.send_response(code)
        for name, value in ({"Content-Length": str(len(text.encode()))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Bucket]]:
    """An empty bucket, and the store in it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Bucket.objects, Bucket.parts, Bucket.versions = {}, {}, False
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    address = f"s3://backups/deskhero?endpoint=http://127.0.0.1:{server.server_port}"
    backend = {"BACKEND": "privacy.backups.bucket.BucketStorage", "OPTIONS": {"address": address}}
    settings.STORAGES = settings.STORAGES | {"backups": backend}
    monkeypatch.setattr(postgres.Snapshot, "dump", lambda *_: iter([b"PGDMP", b"rows " * 1000]))
    monkeypatch.setattr(postgres.Snapshot, "counts", lambda *_: {"tickets_ticket": 3})
    yield Bucket
    server.shutdown()
    server.server_close()


def test_a_backup_goes_into_the_bucket_sealed_comes_back_and_ends_with_proof(bucket: type[Bucket]) -> None:
    backup = take_backup(Backup.Kind.DATA)
    kept = bucket.objects[f"backups/deskhero/{backup.location}"]

    assert b"rows" not in kept
    assert backup.bytes == len(kept)
    assert verify_backup(backup), backup.fault
    assert expire(backup.expires_at) == {"deleted": [str(backup.pk)], "refused": []}
    assert set(bucket.objects) == {"backups/deskhero/ledger.jsonl"}


def test_a_stream_of_any_length_goes_in_parts_and_one_that_breaks_off_leaves_nothing(bucket: type[Bucket]) -> None:
    block = bytes(range(256)) * 4096
    stored = store.put("data/large", iter([block] * 20))  # 20 MB, more than a part

    assert stored.bytes == 20 * len(block) > PART
    assert b"".join(store.blocks("data/large")) == block * 20
    assert store.names("data") == ["large"]

    def breaks() -> Iterator[bytes]:
        yield from [block] * 20
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        store.put("data/broken", breaks())
    assert store.is_absent("data/broken")
    assert bucket.parts == {}


def test_a_bucket_that_keeps_versions_is_refused(bucket: type[Bucket]) -> None:
    bucket.versions = True
    with pytest.raises(BackupFailed, match="keeps versions"):
        take_backup(Backup.Kind.DATA)
    assert bucket.objects == {}
