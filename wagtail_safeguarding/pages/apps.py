from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafeguardingPagesConfig(AppConfig):
    name = "wagtail_safeguarding.pages"
    label = "safeguarding_pages"
    verbose_name = _("Safeguarding pages")
    default_auto_field = "django.db.models.BigAutoField"
