"""The public keys of certificates, for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from privacy.certificates.stored import published


@require_safe
@login_not_required
@cache_control(public=True, max_age=3600)
def certificate_keys(request: HttpRequest) -> JsonResponse:
    """Publish every key that ever signed a certificate, so that people can keep the list and check offline."""
    return JsonResponse(published(), json_dumps_params={"indent": 2})
