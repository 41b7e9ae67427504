"""Tables of inline forms in the admin, made readable for everyone."""

from __future__ import annotations

from typing import Any

from django.forms.models import BaseInlineFormSet


class TableFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The rows of an inline table.

    Django names a field of such a table by its column's head alone, which a screen reader does not
    connect with it; here each field says its name itself. And of the four icons beside a choice of
    something related only "add" stays: the others are one page away, and a table is narrow.
    """

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            wrapper, inner = field.widget, getattr(field.widget, "widget", field.widget)
            if inner.is_hidden:
                continue
            label = field.label or name.replace("_", " ")
            if index is not None:
                label = f"{label}, row {index + 1}"
            inner.attrs["aria-label"] = label
            if wrapper is not inner:
                wrapper.attrs = inner.attrs
                wrapper.can_change_related = wrapper.can_delete_related = wrapper.can_view_related = False
