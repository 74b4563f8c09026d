"""How far the sample was told, so that an interrupted run goes on and a finished one changes nothing."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings


class Progress:
    """The steps of one organization that are done; ids, counts and a day, nothing else."""

    def __init__(self, organization_id: UUID, day_zero: str) -> None:
        """Read what an earlier run wrote for this very organization."""
        self.path: Path = settings.DATA_DIR / "sample" / f"{organization_id}.json"
        kept: dict[str, Any] = json.loads(self.path.read_text()) if self.path.exists() else {}
        self.until = str(kept.get("until", day_zero))  # the stories keep the days they began with
        self.done = self.started_with = int(kept.get("done", 0))

    def advance(self) -> None:
        """Write down that one more step is done."""
        self.done += 1
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".new")
        temporary.write_text(json.dumps({"done": self.done, "until": self.until}))
        temporary.replace(self.path)
