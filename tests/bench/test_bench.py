"""The bench runs, and prints each of its figures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_quick_bench_prints_every_figure_beside_its_target(tmp_path: Path) -> None:
    environment = os.environ | {
        "DATABASE_URL": settings.DATABASE_URL,
        "REDIS_URL": settings.REDIS_URL,
        "DESKHERO_BENCH_DATA": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick"], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr[-3000:]
    pages = ("queue page at 1,000: SQL", "most urgent first", "view counts", "ticket page, 30 messages", "mentioned")
    pages += ("spam at 1,000", "send an answer", "with 10 agents at once", "1.3 x the smallest")
    pages += (
        "search at 1,000, rare",
        "access log",
        "everything found",
        "purge at 1,000",
        "backup: dumped",
        "web, two workers (PSS)",
    )
    for figure in ("ingest, empty", *pages):
        assert figure in done.stdout
