"""The steps of a story's public life as the desk offers them: who may, when, and the form each one asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Claim, Correction
from articles.permissions import AnyUser, may_publish, may_retract, may_write
from articles.publishing import actions
from articles.publishing.article_checks import PublishingWarning, run_checks
from record.users import User

Status = Article.Status


class StepForm(forms.Form):
    """Nothing to fill in but a note for colleagues, kept in the story's history.

    `warnings` are those that stand: a chief ticks that the step is taken over them.
    """

    message = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Note for colleagues"),
        help_text=_("Kept in the history. Readers never see it."),
    )

    def __init__(
        self, article: Article, *args: Any, warnings: Sequence[PublishingWarning] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        if warnings:
            self.fields["over"] = forms.MultipleChoiceField(
                choices=[(warning.key, f"{warning.sentence} {warning.passage}") for warning in warnings],
                widget=forms.MultipleHiddenInput,
                initial=[warning.key for warning in warnings],
                required=False,
            )
            self.fields["overrule"] = forms.BooleanField(
                label=_("Publish over these warnings. That I did is put on record."),
                error_messages={"required": _("Settle the warnings, or say that you publish over them.")},
            )

    def overruled_keys(self) -> list[str]:
        """The keys of the warnings that were on the page and are overruled."""
        return list(self.cleaned_data.get("over", ()))

    @property
    def message_text(self) -> str:
        return str(self.cleaned_data.get("message", ""))


class SendBackForm(StepForm):
    message = None  # type: ignore[assignment]
    note = forms.CharField(
        label=_("Note for the writer"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is to be done. It stands above the story until it is sent for review again."),
    )


class TimeForm(StepForm):
    """A step that asks for a time to come."""

    at = forms.DateTimeField(
        label=_("Time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    field_order = ("at", "message", "over", "overrule")

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        self.fields["at"].help_text = _("By the clock of %(zone)s, where it is now %(now)s.") % {
            "zone": timezone.get_current_timezone_name(),
            "now": f"{timezone.localtime():%H:%M}",
        }


class ScheduleForm(TimeForm):
    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        to_come = [t for t in (article.published_at, article.embargo_until) if t and t > timezone.now()]
        if to_come:
            self.fields["at"].initial = timezone.localtime(max(to_come))


class EmbargoForm(TimeForm):
    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        self.fields["at"].label = _("Until")
        if actions.is_under_embargo(article) and article.embargo_until:
            self.fields["at"].initial = timezone.localtime(article.embargo_until)


class PublishForm(StepForm):
    """Now, or under the date that copy came with. A time to come is for scheduling."""

    when = forms.ChoiceField(widget=forms.RadioSelect, label=_("When"))
    at = forms.DateTimeField(
        required=False,
        label=_("Time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Only for “at a time”. A time to come schedules the story; one gone by dates it."),
    )
    field_order = ("when", "at", "message", "over", "overrule")

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        if actions.is_public(article):
            del self.fields["when"], self.fields["at"]
            return
        choices: list[tuple[str, Any]] = [("now", _("now")), ("at", _("at a time"))]
        if article.published_at is not None:
            shown = timezone.localtime(article.published_at)
            exact = article.published_precision == Article.Precision.MINUTE
            dated = f"{shown:%-d %B %Y, %H:%M}" if exact else f"{article.published_at:%-d %B %Y}"
            choices.insert(0, ("dated", _("under the date it has: %(date)s") % {"date": dated}))
        self.fields["when"].choices = choices  # type: ignore[attr-defined]
        self.fields["when"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == "at" and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Give the time."))
        return cleaned

    def publication_time(self) -> datetime | None:
        """What `publish` takes: None keeps the date the story has."""
        when = self.cleaned_data.get("when")
        return timezone.now() if when == "now" else self.cleaned_data["at"] if when == "at" else None


class CorrectForm(StepForm):
    kind = forms.ChoiceField(
        choices=[choice for choice in Correction.Kind.choices if choice[0] != Correction.Kind.RETRACTION]
    )
    note = forms.CharField(
        label=_("Note for readers"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was wrong, and what is right. It stands with the story and among the corrections."),
    )
    claims = forms.ModelMultipleChoiceField(
        Claim.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Claims it touches"),
        help_text=_("Those whose words the draft changes are ticked."),
    )
    field_order = ("kind", "note", "claims", "message", "over", "overrule")

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        claims = article.claims.shown()
        self.fields["claims"].queryset = claims  # type: ignore[attr-defined]
        self.fields["claims"].initial = claims.with_lost_anchors().values_list("pk", flat=True)


class RetractForm(StepForm):
    note = forms.CharField(
        label=_("Note for readers"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why the story is taken back. Its page stays and says this; its claims leave every list."),
    )
    field_order = ("note", "message")


def _publish(article: Article, by: User, form: Any) -> Article:
    return actions.publish(
        article, by=by, at=form.publication_time(), over=form.overruled_keys(), message=form.message_text
    )


def _schedule(article: Article, by: User, form: Any) -> Article:
    at = form.cleaned_data["at"]
    return actions.schedule(article, by=by, at=at, over=form.overruled_keys(), message=form.message_text)


def _correct(article: Article, by: User, form: Any) -> Article:
    given = form.cleaned_data
    return actions.correct(
        article,
        by=by,
        kind=given["kind"],
        note=given["note"],
        claims=list(given["claims"]),
        over=form.overruled_keys(),
        message=form.message_text,
    )


def _may_write_article(user: AnyUser, article: Article) -> bool:
    return may_write(user, article)


def _may_publish_article(user: AnyUser, article: Article) -> bool:
    return may_publish(user)


def _is_scheduled(article: Article) -> bool:
    return article.status == Status.SCHEDULED and not actions.is_public(article)


def _has_draft(article: Article) -> bool:
    """Is there something that readers do not see yet, and could?"""
    out = actions.is_public(article) and article.live_id == article.latest_id
    return article.latest_id is not None and article.status != Status.RETRACTED and not out


@dataclass(frozen=True, slots=True)
class PublishingStep:
    """One step: its address, its words, who may take it, when it is offered, and the taking of it."""

    slug: str
    label: Promise
    done_label: Promise
    is_allowed: Callable[[AnyUser, Article], bool]
    is_offered: Callable[[Article], bool]
    apply: Callable[[Article, User, Any], Article]
    form: type[StepForm] = StepForm
    explanation: Promise | str = ""  # what it does, where its name does not say it
    shows_new_text: bool = False  # does it show readers new words? Then warnings are looked at first.

    @property
    def url_name(self) -> str:
        return f"articles_article_{self.slug}"

    def get_warnings(self, article: Article) -> list[PublishingWarning]:
        """What to settle before this step: all that linting says of what readers would see."""
        return run_checks(article) if self.shows_new_text and _has_draft(article) else []


STEPS = (
    PublishingStep(
        "submit",
        _("Send for review"),
        _("Sent for review"),
        _may_write_article,
        lambda article: article.status == Status.DRAFT and article.latest_id is not None,
        lambda article, by, form: actions.submit(article, by=by, message=form.message_text),
    ),
    PublishingStep(
        "publish",
        _("Publish"),
        _("Published"),
        _may_publish_article,
        _has_draft,
        _publish,
        PublishForm,
        shows_new_text=True,
    ),
    PublishingStep(
        "schedule",
        _("Schedule"),
        _("Scheduled"),
        _may_publish_article,
        lambda article: _has_draft(article) and not actions.is_public(article),
        _schedule,
        ScheduleForm,
        _("Readers see the story from that time on; nothing has to run for it."),
        shows_new_text=True,
    ),
    PublishingStep(
        "unschedule",
        _("Take off the schedule"),
        _("Taken off the schedule"),
        _may_publish_article,
        _is_scheduled,
        lambda article, by, form: actions.unschedule(article, by=by, message=form.message_text),
        explanation=_("The story goes back into review and does not appear by itself."),
    ),
    PublishingStep(
        "embargo",
        _("Embargo"),
        _("Put under embargo"),
        _may_publish_article,
        lambda article: article.status != Status.RETRACTED and not actions.is_public(article),
        lambda article, by, form: actions.embargo(
            article, by=by, until=form.cleaned_data["at"], message=form.message_text
        ),
        EmbargoForm,
        _("Whatever is done until then, readers see nothing of it. Publishing it earlier schedules it for that time."),
    ),
    PublishingStep(
        "lift-embargo",
        _("Lift the embargo"),
        _("Embargo lifted"),
        _may_publish_article,
        actions.is_under_embargo,
        lambda article, by, form: actions.lift_embargo(article, by=by, message=form.message_text),
        explanation=_("A schedule that the story has keeps its time."),
    ),
    PublishingStep(
        "correct",
        _("Correct"),
        _("Corrected"),
        _may_publish_article,
        actions.is_public,
        _correct,
        CorrectForm,
        shows_new_text=True,
    ),
    PublishingStep(
        "send-back",
        _("Send back"),
        _("Sent back"),
        _may_publish_article,
        lambda article: article.status in (Status.IN_REVIEW, Status.SCHEDULED) and not actions.is_public(article),
        lambda article, by, form: actions.send_back(article, by=by, note=form.cleaned_data["note"]),
        SendBackForm,
    ),
    PublishingStep(
        "retract",
        _("Retract"),
        _("Retracted"),
        lambda user, article: may_retract(user),
        actions.is_public,
        lambda article, by, form: actions.retract(
            article, by=by, note=form.cleaned_data["note"], message=form.message_text
        ),
        RetractForm,
    ),
)


def available_steps(user: AnyUser, article: Article) -> list[PublishingStep]:
    """What this person can do with this story now."""
    return [step for step in STEPS if step.is_allowed(user, article) and step.is_offered(article)]
