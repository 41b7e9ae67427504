"""`manage.py make_editor`: an editor-in-chief's account for whoever sets the site up."""

from __future__ import annotations

import secrets
import string
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

#: May do everything in the newsroom.
EDITOR_ROLE = "chief"
#: 20 letters and digits: 119 bits, and nothing that a shell or a terminal's selection breaks at.
PASSWORD_CHARS = string.ascii_letters + string.digits
PASSWORD_LENGTH_CHARS = 20


class Command(BaseCommand):
    help = (
        f"Make an account in the group “{EDITOR_ROLE}” and print its login, once. "
        "If the account is there already nothing happens; --reset gives it a new password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", default="editor", help="the account's name (default: editor)")
        parser.add_argument("--reset", action="store_true", help="give the account a new password and print it")

    def handle(self, *args: object, **options: Any) -> None:
        name, users = options["name"], get_user_model().objects
        password = "".join(secrets.choice(PASSWORD_CHARS) for _ in range(PASSWORD_LENGTH_CHARS))
        user = users.filter(username=name).first()
        if user is None:
            role = Group.objects.filter(name=EDITOR_ROLE).first()
            if role is None:
                raise CommandError(f"There is no group “{EDITOR_ROLE}” yet: run `manage.py migrate` first.")
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
            "It is not shown again; `.venv/bin/python manage.py make_editor --reset` gives a new one."
        )
