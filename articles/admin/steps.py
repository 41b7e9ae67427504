"""The steps of a story's public life as the desk offers them: who may, when, and the form each one asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone

from articles import publishing
from articles.models import Article, Claim, Correction
from articles.permissions import Person, may_publish, may_retract, may_write

Status = Article.Status


class StepForm(forms.Form):
    """Nothing to fill in but a note for colleagues, kept in the story's history."""

    message = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Note for colleagues",
        help_text="Kept in the history. Readers never see it.",
    )

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article


class PublishForm(StepForm):
    when = forms.ChoiceField(widget=forms.RadioSelect)
    at = forms.DateTimeField(
        required=False,
        label="Time",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Only for “at a time”. A time to come schedules the story; one gone by dates it.",
    )
    field_order = ("when", "at", "message")

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        if publishing.is_out(article):
            del self.fields["when"], self.fields["at"]
            return
        choices = [("now", "now"), ("at", "at a time")]
        if article.published_at is not None:
            shown = timezone.localtime(article.published_at)
            exact = article.published_precision == Article.Precision.MINUTE
            dated = f"{shown:%-d %B %Y, %H:%M}" if exact else f"{article.published_at:%-d %B %Y}"
            choices.insert(0, ("dated", f"under the date it has: {dated}"))
        self.fields["when"].choices = choices  # type: ignore[attr-defined]
        self.fields["when"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == "at" and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", "Give the time.")
        return cleaned

    def time(self) -> datetime | None:
        """What `publish` takes: None keeps the date the story has."""
        when = self.cleaned_data.get("when")
        return timezone.now() if when == "now" else self.cleaned_data["at"] if when == "at" else None


class CorrectForm(StepForm):
    kind = forms.ChoiceField(
        choices=[choice for choice in Correction.Kind.choices if choice[0] != Correction.Kind.RETRACTION]
    )
    note = forms.CharField(
        label="Note for readers",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was wrong, and what is right. It stands with the story and among the corrections.",
    )
    claims = forms.ModelMultipleChoiceField(
        Claim.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Claims it touches",
    )
    field_order = ("kind", "note", "claims", "message")

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        self.fields["claims"].queryset = article.claims.shown()  # type: ignore[attr-defined]


class RetractForm(StepForm):
    note = forms.CharField(
        label="Note for readers",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why the story is taken back. Its page stays and says this; its claims leave every list.",
    )
    field_order = ("note", "message")


def _publish(article: Article, by: User, form: Any) -> Article:
    return publishing.publish(article, by=by, at=form.time())


def _correct(article: Article, by: User, form: Any) -> Article:
    given = form.cleaned_data
    return publishing.correct(article, by=by, kind=given["kind"], note=given["note"], claims=list(given["claims"]))


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its address, its words, who may take it, when it is offered, and the taking of it."""

    slug: str
    label: str
    done: str
    may: Callable[[Person, Article], bool]
    offered: Callable[[Article], bool]
    take: Callable[[Article, User, Any], Article]
    form: type[StepForm] = StepForm


STEPS = (
    Step(
        "submit",
        "Send for review",
        "Sent for review",
        may_write,
        lambda article: article.status == Status.DRAFT and article.latest_id is not None,
        lambda article, by, form: publishing.submit(article, by=by),
    ),
    Step(
        "publish",
        "Publish",
        "Published",
        lambda user, article: may_publish(user),
        lambda article: (
            article.latest_id is not None
            and article.status != Status.RETRACTED
            and not (publishing.is_out(article) and article.live_id == article.latest_id)
        ),
        _publish,
        PublishForm,
    ),
    Step(
        "correct",
        "Correct",
        "Corrected",
        lambda user, article: may_publish(user),
        publishing.is_out,
        _correct,
        CorrectForm,
    ),
    Step(
        "send-back",
        "Send back",
        "Sent back",
        lambda user, article: may_publish(user),
        lambda article: article.status in (Status.IN_REVIEW, Status.SCHEDULED) and not publishing.is_out(article),
        lambda article, by, form: publishing.send_back(article, by=by),
    ),
    Step(
        "retract",
        "Retract",
        "Retracted",
        lambda user, article: may_retract(user),
        publishing.is_out,
        lambda article, by, form: publishing.retract(article, by=by, note=form.cleaned_data["note"]),
        RetractForm,
    ),
)


def steps_for(user: Person, article: Article) -> list[Step]:
    """What this person can do with this story now."""
    return [step for step in STEPS if step.may(user, article) and step.offered(article)]
