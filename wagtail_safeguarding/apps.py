from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SafeguardingConfig(AppConfig):
    name = "wagtail_safeguarding"
    label = "wagtail_safeguarding"
    verbose_name = _("Safeguarding")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the system checks
        from .publication import signals
        from .register import receivers
        from .vocabularies.load import load_after_migrate

        signals.connect()
        receivers.connect()
        post_migrate.connect(
            load_after_migrate, sender=self, dispatch_uid="safeguarding_default_terms"
        )
        if apps.is_installed("wagtail.api.v3"):  # Wagtail >= 8.0
            from .api import v3_schemas

            v3_schemas.register()
