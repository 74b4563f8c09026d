"""Pages on the wire: Brotli where the browser takes it, gzip where not, and never a length that tells of a secret."""

import secrets

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

SMALLEST = 200  # bytes; a shorter answer fits one packet anyhow
QUALITY = 5  # smaller than gzip makes it, in less time; 6 takes a tenth longer for a hundredth less
WINDOW = 18  # 256 KB: as much as the longest page looks back, and little memory for each


class CompressionMiddleware(GZipMiddleware):
    """Compress finished answers with Brotli for a browser that asks for it, and leave the rest to Django's gzip.

    What is encoded already is left as it is, and so are streams that say ``identity``. A secret and a stranger's words
    on one page must not betray the secret by how well they compress (BREACH): up to `max_random_bytes` random bytes
    are mixed in, as Django does for gzip.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the answer, compressed where that helps."""
        accepted = {one.strip() for one in request.headers.get("Accept-Encoding", "").split(",")}
        if "br" not in accepted or not isinstance(response, HttpResponse) or response.has_header("Content-Encoding"):
            return super().process_response(request, response)
        if len(response.content) < SMALLEST:
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        compressed = compress(response.content, secrets.randbelow(self.max_random_bytes) + 1)
        if len(compressed) < len(response.content):
            response.content = compressed
            response.headers["Content-Length"] = str(len(compressed))
            response.headers["Content-Encoding"] = "br"
            if response.get("ETag", "").startswith('"'):
                response.headers["ETag"] = "W/" + response["ETag"]  # RFC 9110, 8.8.1: no longer the same bytes
        return response


def compress(content: bytes, padding: int) -> bytes:
    """Return a Brotli stream of these bytes that carries `padding` (1 to 256) random bytes no reader sees.

    They stand in a meta-block that decoders skip (RFC 7932, 9.2): not the last one, no data, its length in one byte.
    """
    compressor = brotli.Compressor(quality=QUALITY, lgwin=WINDOW)
    body = compressor.process(content) + compressor.flush()  # up to a whole byte, where a skipped block may begin
    skipped = (0b01_0_11_0 | (padding - 1) << 6).to_bytes(2, "little") + secrets.token_bytes(padding)
    return body + skipped + compressor.finish()
