"""A panel that tells the editor what stands in the way, and what to look at again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from wagtail_safeguarding.publication.readiness import Level


class ReadinessPanel(Panel):
    """Shows the problems of the draft as it was last saved; nothing where there are none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Before you publish"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_safeguarding/panels/readiness.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None and bool(self.problems)

        @property
        def problems(self) -> list[Any]:
            if not hasattr(self, "_problems"):
                known = getattr(self.form, "problems", None)
                found = known if known is not None else self.instance.get_problems()
                # The same words for two fields are said once; each field has them too.
                distinct = {(p.level, p.message): p for p in found}.values()
                self._problems = sorted(distinct, key=lambda p: p.level is not Level.BLOCKER)
            return self._problems

        def get_context_data(self, parent_context: Any = None) -> Any:
            return {**super().get_context_data(parent_context), "problems": self.problems}
