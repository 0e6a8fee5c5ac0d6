"""The addresses that a token opens."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from wagtail_safeguarding.conf import safeguarding_settings


def share_url(request: Any, token: str) -> str:
    """The address to hand out: the front end's, or that of the draft's JSON."""
    if template := safeguarding_settings.preview_url:
        return template.replace("{token}", token)
    url: str = request.build_absolute_uri(
        reverse("wagtail_safeguarding:preview", kwargs={"token": token})
    )
    return url


def front_end_origin() -> str | None:
    """The origin whose scripts may read previews; None where no front end is set."""
    try:
        template = safeguarding_settings.preview_url
    except ImproperlyConfigured:
        return None  # said by manage.py check; an error here would be logged with the address
    if template is None:
        return None
    parts = urlsplit(template)
    return f"{parts.scheme}://{parts.netloc}".lower()
