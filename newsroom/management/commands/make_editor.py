"""`manage.py make_editor`: make the first account, of a chief editor."""

from __future__ import annotations

import secrets
import string
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

#: The role with all permissions.
EDITOR_ROLE = "chief"
#: 20 letters and digits give 119 bits. A double click selects them all in a terminal.
PASSWORD_CHARS = string.ascii_letters + string.digits
PASSWORD_LENGTH_CHARS = 20


class Command(BaseCommand):
    help = (
        f"Make an account in the group “{EDITOR_ROLE}” and print its password once. "
        "If the account exists, do nothing, or with --reset set a new password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", default="editor", help="the username (default: editor)")
        parser.add_argument("--reset", action="store_true", help="set a new password and print it")

    def handle(self, *args: object, **options: Any) -> None:
        name, users = options["name"], get_user_model().objects
        password = "".join(secrets.choice(PASSWORD_CHARS) for _ in range(PASSWORD_LENGTH_CHARS))
        user = users.filter(username=name).first()
        if user is None:
            role = Group.objects.filter(name=EDITOR_ROLE).first()
            if role is None:
                raise CommandError(f"The group “{EDITOR_ROLE}” does not exist. Run `manage.py migrate` first.")
            with transaction.atomic():
                users.create_user(username=name, password=password, is_staff=True).groups.add(role)
        elif options["reset"]:
            user.set_password(password)
            user.save(update_fields=["password"])
        else:
            return
        self.stdout.write(
            f"\n    Log in to the newsroom as  {name}\n"
            f"    with the password          {password}\n\n"
            "It is not shown again. `.venv/bin/python manage.py make_editor --reset` sets a new one."
        )
