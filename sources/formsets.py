"""Inline tables of the admin, accessible to screen readers."""

from __future__ import annotations

from typing import Any

from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext


class TableFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Give each field of an inline table its own label, and only one icon.

    Django labels such a field by its column heading only, which screen readers do not connect with the field.
    Of the four icons next to a related object, only “add” stays, because the table is narrow.
    """

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            wrapper, inner = field.widget, getattr(field.widget, "widget", field.widget)
            if inner.is_hidden:
                continue
            label = field.label or name.replace("_", " ")
            if index is not None:
                label = gettext("%(field)s, row %(number)d") % {"field": label, "number": index + 1}
            inner.attrs["aria-label"] = label
            if wrapper is not inner:
                wrapper.attrs = inner.attrs
                wrapper.can_change_related = wrapper.can_delete_related = wrapper.can_view_related = False
