from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "tests.council"
    label = "council"
    default_auto_field = "django.db.models.BigAutoField"
