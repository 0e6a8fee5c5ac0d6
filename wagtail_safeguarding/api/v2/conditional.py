"""Conditional requests: a strong ETag over the very bytes, and 304 where the client has them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.cache import get_conditional_response, patch_cache_control


def add_validators(request: Any, response: Any, *, private: bool) -> Any:
    """``response`` (rendered) with its validators, or the 304 that answers for it.

    A takedown has to take effect at once, so whatever keeps an answer asks again each time.
    """
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, no_cache=True, **({"private": True} if private else {}))
    if request.method not in {"GET", "HEAD"} or response.status_code != 200:
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
