"""Form fields of the admin."""

from __future__ import annotations

from typing import Any

from django import forms


class MultilineCharField(forms.CharField):
    """Text of several lines. Browsers send line ends as CR LF; they are stored as LF."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")
