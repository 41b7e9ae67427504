"""Form fields of the desk."""

from __future__ import annotations

from typing import Any

from django import forms


class MultilineCharField(forms.CharField):
    """Words of a text, of several lines. Browsers send line ends as CR LF; that changes no words."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")
