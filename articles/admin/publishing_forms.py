"""Publishing steps: who may take each, when it is offered, and its form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Claim, Correction
from articles.permissions import AnyUser, may_publish, may_retract, may_write
from articles.publishing import actions
from articles.publishing.article_checks import PublishingWarning, run_checks
from record.users import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Status = Article.Status


def format_time(moment: datetime) -> str:
    """Return a time with its zone: "1 June 2025, 06:00 (Europe/Kyiv)"."""
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M} ({timezone.get_current_timezone_name()})"


class StepForm(forms.Form):
    """Ask for a note to colleagues, which the story's history shows.

    `warnings` are the open warnings. With any, the user has to tick that the step is taken despite them.
    """

    message = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Note for colleagues"),
        help_text=_("Shown in the story's history. Readers never see it."),
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
                label=_("Publish anyway (logged)"),
                error_messages={"required": _("Fix or dismiss the warnings, or tick “Publish anyway”.")},
            )

    def overruled_keys(self) -> list[str]:
        """Return the keys of the warnings that the page showed and the user overruled."""
        return list(self.cleaned_data.get("over", ()))

    @property
    def message_text(self) -> str:
        return str(self.cleaned_data.get("message", ""))


class SendBackForm(StepForm):
    message = None  # type: ignore[assignment]
    note = forms.CharField(
        label=_("Note for the writer"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What needs to be done. The story's page shows it until the story is sent for review again."),
    )


class TimeForm(StepForm):
    """Ask for a time in the future."""

    at = forms.DateTimeField(
        label=_("Time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    field_order = ("at", "message", "over", "overrule")

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        self.fields["at"].help_text = _time_zone_help()


class ScheduleForm(TimeForm):
    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        future = [time for time in (article.published_at, article.embargo_until) if time and time > timezone.now()]
        if future:
            self.fields["at"].initial = timezone.localtime(max(future))


class EmbargoForm(TimeForm):
    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        self.fields["at"].label = _("Until")
        if actions.is_under_embargo(article) and article.embargo_until:
            self.fields["at"].initial = timezone.localtime(article.embargo_until)


class PublishForm(StepForm):
    """Ask when to publish: now, on the date that the story has, or at a given time."""

    when = forms.ChoiceField(widget=forms.RadioSelect, label=_("When"))
    at = forms.DateTimeField(
        required=False,
        label=_("Time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    field_order = ("when", "at", "message", "over", "overrule")

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(article, *args, **kwargs)
        if actions.is_public(article):
            del self.fields["when"], self.fields["at"]
            return
        help_text = _("Only for “at a given time”. A future time schedules the story, a past time backdates it.")
        self.fields["at"].help_text = f"{help_text} {_time_zone_help()}"
        choices: list[tuple[str, Any]] = [("now", _("now")), ("at", _("at a given time"))]
        if article.published_at is not None:
            exact = article.published_precision == Article.Precision.MINUTE
            date = format_time(article.published_at) if exact else f"{article.published_at:%-d %B %Y}"
            choices.insert(0, ("dated", _("on its present date: %(date)s") % {"date": date}))
        self.fields["when"].choices = choices  # type: ignore[attr-defined]
        self.fields["when"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == "at" and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Give the time."))
        return cleaned

    def publication_time(self) -> datetime | None:
        """Return the time for `actions.publish`; None keeps the date that the story has."""
        when = self.cleaned_data.get("when")
        return timezone.now() if when == "now" else self.cleaned_data["at"] if when == "at" else None


class CorrectForm(StepForm):
    kind = forms.ChoiceField(
        label=_("Kind of note"),
        choices=[choice for choice in Correction.Kind.choices if choice[0] != Correction.Kind.RETRACTION],
    )
    note = forms.CharField(
        label=_("Note for readers"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was wrong, and what is right. Shown with the story and in the list of corrections."),
    )
    claims = forms.ModelMultipleChoiceField(
        Claim.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Affected claims"),
        help_text=_("Claims are ticked if the draft changes their text."),
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
        help_text=_("Why the story is retracted. Its page stays and shows this note."),
    )
    field_order = ("note", "message")


def _time_zone_help() -> str:
    return _("Time zone: %(zone)s, where it is now %(now)s.") % {
        "zone": timezone.get_current_timezone_name(),
        "now": f"{timezone.localtime():%H:%M}",
    }


def _publish(article: Article, by: User, form: Any) -> Article:
    return actions.publish(
        article, by=by, at=form.publication_time(), over=form.overruled_keys(), message=form.message_text
    )


def _schedule(article: Article, by: User, form: Any) -> Article:
    at = form.cleaned_data["at"]
    return actions.schedule(article, by=by, at=at, over=form.overruled_keys(), message=form.message_text)


def _correct(article: Article, by: User, form: Any) -> Article:
    cleaned = form.cleaned_data
    return actions.correct(
        article,
        by=by,
        kind=cleaned["kind"],
        note=cleaned["note"],
        claims=list(cleaned["claims"]),
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
    """Is there text that readers could see and do not see yet?"""
    is_latest_public = actions.is_public(article) and article.live_id == article.latest_id
    return article.latest_id is not None and article.status != Status.RETRACTED and not is_latest_public


@dataclass(frozen=True, slots=True)
class PublishingStep:
    """A step: URL, labels, form, who may take it, when it is offered, its effect.

    `done_message` has the placeholders %(story)s and %(embargo)s. `shows_new_text` says that readers see new text
    after the step; its page then shows the warnings first.
    """

    slug: str
    label: Promise
    done_message: _StrPromise
    is_allowed: Callable[[AnyUser, Article], bool]
    is_offered: Callable[[Article], bool]
    apply: Callable[[Article, User, Any], Article]
    form: type[StepForm] = StepForm
    explanation: Promise | str = ""
    shows_new_text: bool = False

    @property
    def url_name(self) -> str:
        return f"articles_article_{self.slug}"

    def get_warnings(self, article: Article) -> list[PublishingWarning]:
        """Return the warnings about the text that readers would see, dismissed ones too."""
        return run_checks(article) if self.shows_new_text and _has_draft(article) else []

    def describe_result(self, article: Article) -> str:
        """Return the message after the step, with the time if the story is now scheduled."""
        embargo = format_time(article.embargo_until) if article.embargo_until else ""
        text = str(self.done_message % {"story": article, "embargo": embargo})
        if not _is_scheduled(article) or article.published_at is None:
            return text
        time = format_time(article.published_at)
        if self.shows_new_text:
            return _("“%(story)s” is scheduled for %(time)s.") % {"story": article, "time": time}
        return _("%(message)s It is scheduled for %(time)s.") % {"message": text, "time": time}


STEPS = (
    PublishingStep(
        "submit",
        _("Send for review"),
        _("“%(story)s” was sent for review."),
        _may_write_article,
        lambda article: article.status == Status.DRAFT and article.latest_id is not None,
        lambda article, by, form: actions.submit(article, by=by, message=form.message_text),
    ),
    PublishingStep(
        "publish",
        _("Publish"),
        _("“%(story)s” is published."),
        _may_publish_article,
        _has_draft,
        _publish,
        PublishForm,
        shows_new_text=True,
    ),
    PublishingStep(
        "schedule",
        _("Schedule"),
        _("“%(story)s” is published."),
        _may_publish_article,
        lambda article: _has_draft(article) and not actions.is_public(article),
        _schedule,
        ScheduleForm,
        _("Readers see the story from this time on."),
        shows_new_text=True,
    ),
    PublishingStep(
        "unschedule",
        _("Unschedule"),
        _("“%(story)s” is no longer scheduled. It is in review."),
        _may_publish_article,
        _is_scheduled,
        lambda article, by, form: actions.unschedule(article, by=by, message=form.message_text),
        explanation=_("The story goes back to review. It is not published until somebody publishes it."),
    ),
    PublishingStep(
        "embargo",
        _("Embargo"),
        _("“%(story)s” is under embargo until %(embargo)s."),
        _may_publish_article,
        lambda article: article.status != Status.RETRACTED and not actions.is_public(article),
        lambda article, by, form: actions.embargo(
            article, by=by, until=form.cleaned_data["at"], message=form.message_text
        ),
        EmbargoForm,
        _(
            "The story is hidden from readers until then. If you publish it earlier, or it is scheduled for an earlier "
            "time, it is scheduled for the end of the embargo."
        ),
    ),
    PublishingStep(
        "lift-embargo",
        _("Lift embargo"),
        _("The embargo on “%(story)s” was lifted."),
        _may_publish_article,
        actions.is_under_embargo,
        lambda article, by, form: actions.lift_embargo(article, by=by, message=form.message_text),
        explanation=_("A scheduled story keeps its time."),
    ),
    PublishingStep(
        "correct",
        _("Correct"),
        _("The correction of “%(story)s” is published."),
        _may_publish_article,
        actions.is_public,
        _correct,
        CorrectForm,
        shows_new_text=True,
    ),
    PublishingStep(
        "send-back",
        _("Send back"),
        _("“%(story)s” was sent back to its writer."),
        _may_publish_article,
        lambda article: article.status in (Status.IN_REVIEW, Status.SCHEDULED) and not actions.is_public(article),
        lambda article, by, form: actions.send_back(article, by=by, note=form.cleaned_data["note"]),
        SendBackForm,
    ),
    PublishingStep(
        "retract",
        _("Retract"),
        _("“%(story)s” is retracted."),
        lambda user, article: may_retract(user),
        actions.is_public,
        lambda article, by, form: actions.retract(
            article, by=by, note=form.cleaned_data["note"], message=form.message_text
        ),
        RetractForm,
        _("A retracted story cannot be published again. Its claims are removed from all lists."),
    ),
)


def available_steps(user: AnyUser, article: Article) -> list[PublishingStep]:
    """Return the steps that this user can take with this story now."""
    return [step for step in STEPS if step.is_allowed(user, article) and step.is_offered(article)]
