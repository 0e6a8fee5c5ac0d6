"""Share a draft: who holds an address of it, for how long; and end it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.preview.addresses import share_url
from wagtail_safeguarding.preview.drafts import may_share
from wagtail_safeguarding.preview.models import PreviewToken
from wagtail_safeguarding.preview.tokens import issue, revoke

SHARE = "safeguarding_preview"
REVOKE = "safeguarding_preview_revoke"

HOUR = 60 * 60
DAY = 24 * HOUR


def durations() -> list[tuple[int, str]]:
    """How long a draft may be shared: some usual times, up to what the site allows."""
    longest = safeguarding_settings.preview_seconds
    usual = {second for second in (HOUR, 8 * HOUR, DAY, 3 * DAY, 7 * DAY) if second < longest}
    return [(seconds, in_words(seconds)) for seconds in sorted({*usual, longest})]


def in_words(seconds: int) -> str:
    if seconds % DAY == 0 and seconds > DAY:
        days = seconds // DAY
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if seconds % HOUR == 0:
        hours = seconds // HOUR
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    minutes = max(seconds // 60, 1)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


class ShareForm(forms.Form):
    seconds = forms.TypedChoiceField(label=gettext_lazy("How long"), coerce=int)
    # The draft that the editor was shown, which may not be the newest any more.
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, latest: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest
        choices = durations()
        seconds: Any = self.fields["seconds"]
        seconds.choices = choices
        seconds.initial = choices[-1][0]
        self.fields["revision"].initial = latest.pk if latest else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.latest is None or cleaned.get("revision") != self.latest.pk:
            raise forms.ValidationError(
                _("A newer draft was saved in the meantime. Look at it before you share it.")
            )
        return cleaned


def shareable_page(user: Any, page_id: int) -> Any:
    """The page, for whoever may share its drafts. Unknown pages and others are refused alike."""
    page = get_base_page_model().objects.filter(pk=page_id).first()
    page = page.specific if page else None
    if page is None or not may_share(user, page):
        raise PermissionDenied
    return page


@method_decorator([never_cache, sensitive_variables("token")], name="dispatch")
class ShareDraftView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    template_name = "wagtail_safeguarding/admin/share_draft.html"
    page_title = gettext_lazy("Share a draft")
    header_icon = "link"
    form_class: Any = ShareForm

    page: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.page = shareable_page(request.user, kwargs["page_id"])
        self.revision = self.page.get_latest_revision()
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "latest": self.revision}

    def form_valid(self, form: Any) -> HttpResponse:
        token = issue(
            self.page,
            self.revision,
            user=self.request.user,
            seconds=form.cleaned_data["seconds"],
        )
        # No redirect: the address would have to wait somewhere, and it is stored nowhere.
        shown = self.get_context_data(
            form=self.form_class(latest=self.revision),
            address=share_url(self.request, token),
            lasting=in_words(form.cleaned_data["seconds"]),
        )
        return self.render_to_response(shown)

    def form_invalid(self, form: Any) -> HttpResponse:
        for errors in form.errors.values():
            messages.error(self.request, " ".join(errors))
        return redirect(SHARE, self.page.pk)

    def get_page_subtitle(self) -> str:
        title: str = self.page.get_admin_display_title()
        return title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        title = self.page.get_admin_display_title()
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]), "label": title},
            {"url": "", "label": self.get_page_title(), "sublabel": title},
        ]

    def get_context_data(self, **kwargs: Any) -> Any:
        tokens = PreviewToken.objects.active().filter(page_id=self.page.pk)
        return super().get_context_data(
            page=self.page,
            revision=self.revision,
            only_data=safeguarding_settings.preview_url is None,
            tokens=tokens.select_related("created_by").order_by("-created_at", "-pk"),
            back_url=reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            **kwargs,
        )


@require_POST
def end_sharing(request: HttpRequest, page_id: int, token_id: int) -> HttpResponse:
    page = shareable_page(request.user, page_id)
    token = get_object_or_404(PreviewToken, pk=token_id, page_id=page.pk)
    if revoke(token, page, user=request.user):
        messages.success(request, _("The address does not work any more."))
    else:
        messages.warning(request, _("The address had ended before."))
    return redirect(SHARE, page.pk)


def share_button(page: Any, user: Any, view_name: str, next_url: Any = None) -> Iterator[Button]:
    """For the hook ``register_page_header_buttons``: an action of the page editor."""
    if page.pk is not None and may_share(user, page):
        yield Button(
            _("Share preview of this draft"),
            reverse(SHARE, args=[page.pk]),
            icon_name="link",
            priority=64,
        )
