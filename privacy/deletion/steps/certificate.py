"""The last step: the certificate, and the news of it."""

from collections.abc import Iterator

from privacy.actions.issue_certificate import issue_certificate
from privacy.deletion.step import Progress
from privacy.models import DeletionJob


class CertificateStep:
    """Sign what was done. One batch; a second run finds the certificate of the first."""

    name = "certificate"

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Issue the certificate, and queue the mail to the owners where there still are any."""
        issue_certificate(job)
        yield Progress(1, 1)


STEP = CertificateStep()
