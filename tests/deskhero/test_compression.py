"""Pages are small on the wire, come out as they went in, and never tell of a secret by their length."""

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from hypothesis import given
from hypothesis import strategies as st

from deskhero.compression import CompressionMiddleware, compress

PAGE = b"<p>Carol asked about her bicycle.</p>" * 200


def answered(rf, answer, accepts):
    request = rf.get("/", headers={"Accept-Encoding": accepts})
    return CompressionMiddleware(lambda _request: answer)(request)


@pytest.mark.parametrize("accepts", ["br", "gzip, deflate, br, zstd", "gzip,br"])
def test_a_browser_that_takes_brotli_gets_it(rf, accepts):
    answer = answered(rf, HttpResponse(PAGE), accepts)
    assert answer["Content-Encoding"] == "br"
    assert answer["Vary"] == "Accept-Encoding"
    assert int(answer["Content-Length"]) == len(answer.content) < 500
    assert brotli.decompress(answer.content) == PAGE


@pytest.mark.parametrize("accepts", ["gzip", "gzip, br;q=0", "gzip, brotli"])
def test_one_that_does_not_gets_gzip(rf, accepts):
    assert answered(rf, HttpResponse(PAGE), accepts)["Content-Encoding"] == "gzip"


def test_one_that_takes_neither_gets_the_page_as_it_is(rf):
    answer = answered(rf, HttpResponse(PAGE), "")
    assert "Content-Encoding" not in answer
    assert answer.content == PAGE


def test_what_is_short_or_encoded_or_a_stream_is_not_touched_by_brotli(rf):
    assert "Content-Encoding" not in answered(rf, HttpResponse(b"short"), "br")
    assert answered(rf, HttpResponse(PAGE, headers={"Content-Encoding": "identity"}), "br").content == PAGE
    assert "Content-Encoding" not in answered(rf, StreamingHttpResponse([PAGE]), "br")


def test_what_would_grow_is_left_as_it_is(rf):
    noise = bytes(range(256))
    assert answered(rf, HttpResponse(noise), "br").content == noise


def test_a_page_with_a_tag_of_its_version_keeps_a_weak_one(rf):
    answer = answered(rf, HttpResponse(PAGE, headers={"ETag": '"one"'}), "br")
    assert answer["ETag"] == 'W/"one"'


def test_one_page_has_many_lengths(rf):
    lengths = {len(answered(rf, HttpResponse(PAGE), "br").content) for _ in range(60)}
    assert len(lengths) > 20


@given(st.binary(max_size=3000), st.integers(1, 256))
def test_padding_is_never_read(content, padding):
    assert brotli.decompress(compress(content, padding)) == content
