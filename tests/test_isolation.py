"""Tests may run in any order and in any worker."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from articles.models import PublisherHost


@pytest.mark.django_db(transaction=True)
def test_emptied_database_has_the_rows_of_migrations():
    before = set(PublisherHost.objects.values_list("host", "name"))

    call_command("flush", interactive=False, verbosity=0)

    assert before
    assert set(PublisherHost.objects.values_list("host", "name")) == before
    assert Group.objects.filter(name="editor", permissions__codename="change_article").exists()
