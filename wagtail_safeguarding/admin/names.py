"""The editors' view of a review's list of names: set, add to or clear it; never read it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button

from wagtail_safeguarding.inspection.restricted import MAX_NAMES, BadName
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.publication.door import SafeguardingPage
from wagtail_safeguarding.publication.files import compare_later
from wagtail_safeguarding.publication.restricted import (
    NotHashed,
    RestrictedList,
    clear_names,
    lists_of,
    set_names,
)

NAMES = "safeguarding_names"
PERMISSION = "change_restrictedlist"
MAX_CHARACTERS = 120_000


def may_change_names(user: Any, page: Any) -> bool:
    """Whoever may edit the page and has the right, which is one of its own."""
    return (
        isinstance(page, SafeguardingPage)
        and user.is_active
        and user.has_perm("wagtail_safeguarding." + PERMISSION)
        and bool(page.permissions_for_user(user).can_edit())  # type: ignore[attr-defined]
    )


class ActionForm(forms.Form):
    """What to do. The names themselves are in no form: nothing may show them again."""

    REPLACE, ADD, CLEAR = "replace", "add", "clear"

    action = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        widget=forms.RadioSelect,
        initial=REPLACE,
        choices=[
            (REPLACE, gettext_lazy("Put these names in the place of the list")),
            (ADD, gettext_lazy("Add these names to the list")),
            (CLEAR, gettext_lazy("Clear the list")),
        ],
    )


# What is called from "dispatch" is kept out of error reports too, however deep.
@method_decorator(
    [never_cache, sensitive_post_parameters(), sensitive_variables()], name="dispatch"
)
class NamesView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    template_name = "wagtail_safeguarding/admin/names.html"
    page_title = gettext_lazy("Names that must not appear")
    header_icon = "lock"
    form_class: Any = ActionForm

    page: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        page = get_base_page_model().objects.filter(pk=kwargs["page_id"]).first()
        self.page = page.specific if page else None
        if self.page is None or not may_change_names(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if form.cleaned_data["action"] == ActionForm.CLEAR:
            clear_names(self.page, user=self.request.user)
            messages.success(self.request, _("The list is empty now."))
            return redirect(NAMES, self.page.pk)
        problem = self.keep_names(add=form.cleaned_data["action"] == ActionForm.ADD)
        if problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        return redirect(NAMES, self.page.pk)

    def keep_names(self, *, add: bool) -> str:
        """Keep the names that were sent; what is wrong with them, else ""."""
        text = self.request.POST.get("names", "")
        if not text.strip():
            return _("Enter at least one name.")
        if len(text) > MAX_CHARACTERS:
            return _("The list is too long.")
        try:
            count = set_names(self.page, text, user=self.request.user, add=add)
        except BadName as error:
            return _(
                "Line %(line)s is no name, or too long, or there are more than %(most)s names. "
                "Nothing was kept. For your safety, the names are not shown again."
            ) % {"line": error.line, "most": MAX_NAMES}
        except NotHashed:
            return _(
                "The names could not be kept. If the list was made with another key, replace it."
            )
        transaction.on_commit(partial(compare_later, self.page.pk), robust=True)
        said = ngettext("The list has %(count)s name.", "The list has %(count)s names.", count)
        messages.success(self.request, said % {"count": count})
        return ""

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
        lists = lists_of(self.page)
        own = [one for one in lists if one.translation_key == self.page.translation_key]
        return super().get_context_data(
            page=self.page,
            present=own[0] if own else None,
            others=len(lists) - len(own),
            lost=any(one.find_key() is None for one in lists),
            back_url=reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            **kwargs,
        )


def names_button(page: Any, user: Any, view_name: str, next_url: Any = None) -> Iterator[Button]:
    """For the hook ``register_page_header_buttons``: an action of the page editor."""
    if page.pk is not None and may_change_names(user, page):
        yield Button(
            _("Names that must not appear"),
            reverse(NAMES, args=[page.pk]),
            icon_name="lock",
            priority=65,
        )


def names_permissions() -> Any:
    """For the hook ``register_permissions``."""
    return Permission.objects.filter(
        content_type__app_label=RestrictedList._meta.app_label, codename=PERMISSION
    )
