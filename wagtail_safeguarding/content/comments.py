"""Comments closed: what a page says about comments. No state opens them (promise P8)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from wagtail_safeguarding.register.schema import PublicComments
from wagtail_safeguarding.register.sources import Sources


class CommentsState(models.TextChoices):
    CLOSED = "closed", _("Closed: show the heading and message")
    HIDDEN = "hidden", _("Hidden: show nothing about comments")


def default_message() -> str:
    """What a page without a message of its own says."""
    return gettext("Comments are closed on this page.")


class CommentsClosedMixin(models.Model):
    """Fields of the comments block. The server keeps the promise; this only words it."""

    comments_state = models.CharField(
        _("comments"),
        max_length=6,
        choices=CommentsState.choices,
        default=CommentsState.CLOSED,
        help_text=_("Comments can never be opened: a comment can name a child."),
    )
    comments_heading = models.CharField(_("heading"), max_length=255, blank=True)
    comments_prompt = models.CharField(_("prompt"), max_length=255, blank=True)
    comments_message = models.CharField(_("message"), max_length=255, blank=True)
    comments_closed_on = models.DateField(_("closed on"), null=True, blank=True)
    comments_reason = models.CharField(_("reason"), max_length=255, blank=True)

    if TYPE_CHECKING:
        locale_id: int  # of the page model that a site mixes this into

    class Meta:
        abstract = True

    @property
    def comments(self) -> dict[str, Any]:
        """The comments object, as the API sends it. A hidden block has no words to show."""
        shown = self.comments_state != CommentsState.HIDDEN
        closed_at: dt.date | None = self.comments_closed_on
        return {
            "state": CommentsState.CLOSED.value if shown else CommentsState.HIDDEN.value,
            "reason": self.comments_reason,
            "closed_at": closed_at.isoformat() if closed_at else None,
            "heading": (self.comments_heading or gettext("Comments")) if shown else "",
            "prompt": self.comments_prompt if shown else "",
            "message": self.get_comments_message() if shown else "",
        }

    def get_comments_message(self) -> str:
        return self.comments_message or default_message()

    def get_public_comments(self, sources: Sources) -> PublicComments:
        # In the page's language, not in that of whoever happens to publish it.
        with override(sources.languages.get(self.locale_id)):
            return PublicComments.model_validate(self.comments)


comments_panel = MultiFieldPanel(
    [
        FieldPanel("comments_state"),
        FieldPanel("comments_heading"),
        FieldPanel("comments_prompt"),
        FieldPanel("comments_message"),
        FieldRowPanel([FieldPanel("comments_closed_on"), FieldPanel("comments_reason")]),
    ],
    heading=_("Comments closed"),
    classname="collapsed",
)
