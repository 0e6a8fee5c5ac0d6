"""Who publishes the register, for the formats that name somebody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Site

from wagtail_safeguarding.register.models import SiteNotice


def publisher_of(request: HttpRequest) -> str:
    """The publisher of the site that the request came to, or else the name of the installation."""
    site = Site.find_for_request(request)
    notice = SiteNotice.objects.filter(site_id=site.pk).first() if site else None
    name = notice.publisher if notice else ""
    return name or getattr(settings, "WAGTAIL_SITE_NAME", "") or "Safeguarding register"
