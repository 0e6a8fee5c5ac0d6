from django.apps import AppConfig


class HeadlessConfig(AppConfig):
    name = "tests.headless"
    label = "headless"
    default_auto_field = "django.db.models.BigAutoField"
