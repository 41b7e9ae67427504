"""The type of a user account, without an import of the app that defines it.

`User` is for annotations and `isinstance`. For queries use `get_user_model()`.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

if TYPE_CHECKING:
    # django-stubs resolves this name to the model that AUTH_USER_MODEL names.
    from django.contrib.auth.models import _User as User
else:
    from django.contrib.auth.models import AbstractUser as User

__all__ = ["AnonymousUser", "User"]
