"""Fixtures of the public pages, for their other formats."""

from tests.views.conftest import deputy, inspectorate, story  # noqa: F401
