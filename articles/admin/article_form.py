"""The story form: article fields, and the text that is saved as a revision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.fields import MultilineCharField
from articles.admin.formatting import admin_link
from articles.editing.revisions import parse_body
from articles.editing.slugs import SlugAllocator
from articles.editing.versions import VersionText, compare_versions
from articles.models import Article
from articles.text.body import plain_text
from articles.text.url_keys import url_key

#: Fields that are columns of the article. The text is stored in a revision, the topics in a table of their own.
ARTICLE_FIELDS = ("slug", "language", "dateline", "publisher", "agency", "original_url")
CONFLICT_CODE = "written-meanwhile"


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Edit the article's fields and its latest text."""

    headline = forms.CharField(
        label=_("Headline"), max_length=300, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    summary = MultilineCharField(
        label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})
    )
    body = MultilineCharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField words"}),
        help_text=_(
            "Leave a blank line between paragraphs, or write HTML with p, h2, h3, blockquote, ul, ol, li, a, strong "
            "and em. Other HTML is removed."
        ),
    )
    note = forms.CharField(
        required=False,
        max_length=300,
        label=_("Change note"),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("What you changed, in a few words. For colleagues only."),
    )
    original_url = forms.URLField(
        label=_("Original URL"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        widget=AdminURLFieldWidget,
        help_text=_("Where the story was first published."),
    )
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    #: Key of the autosaved text of this open page (articles.editing.autosave).
    writing = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = (*ARTICLE_FIELDS, "topics")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = self.instance.latest
        if latest is not None:
            text = {"headline": latest.headline, "summary": latest.summary, "body": latest.body}
            self.initial = {**text, "based_on": latest.pk, **self.initial}
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The last part of the story's address: /articles/…/. Leave it empty to use the headline."
            )

    def clean_body(self) -> str:
        body = parse_body(self.cleaned_data["body"])
        if not plain_text(body):
            raise forms.ValidationError(gettext("The story has no text."))
        return body

    def clean_headline(self) -> str:
        return " ".join(self.cleaned_data["headline"].split())

    def clean_original_url(self) -> str:
        """Refuse the URL of another story, also when it is spelt differently."""
        url: str = self.cleaned_data["original_url"]
        key = url_key(url) if url else None
        others = Article.objects.exclude(pk=self.instance.pk)
        existing = others.filter(original_url_hash=key).first() if key else None
        if existing is not None:
            text = gettext("Another story has this URL: {story}.")
            raise forms.ValidationError(format_html(text, story=admin_link(existing)))
        self.instance.original_url_hash = key
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        latest = self.instance.latest
        if latest is not None and "based_on" in self.fields and cleaned.get("based_on") != latest.pk:
            # The page that is sent back shows both texts. Saving it again is then based on the other one.
            data = QueryDict(mutable=True)
            data.update(self.data)
            data[self.add_prefix("based_on")] = str(latest.pk)
            self.data = data
            revision = admin_link(latest, gettext("revision %(number)d") % {"number": latest.number})
            raise forms.ValidationError(
                format_html(
                    gettext(
                        "{user} saved {revision} while you were writing. Your text is still in the form below. "
                        "Compare the two texts. Save again to replace the other text with yours."
                    ),
                    user=latest.author or gettext("An import"),
                    revision=revision,
                ),
                code=CONFLICT_CODE,
            )
        if "slug" in self.fields and not cleaned.get("slug") and cleaned.get("headline"):
            cleaned["slug"] = self.instance.slug or SlugAllocator([cleaned["headline"]]).allocate(cleaned["headline"])
        return cleaned


def autosave_key(form: ArticleForm) -> UUID | None:
    """Return the key of the form's autosaved text; None if it is malformed."""
    try:
        return UUID(str(form["writing"].value()))
    except ValueError:
        return None


def get_conflict(form: ArticleForm) -> dict[str, Any] | None:
    """Compare the latest revision with the form's text, if somebody saved it since.

    Return {"theirs": the latest revision, "parts": the comparison}, or None without a conflict.
    """
    if not form.has_error(NON_FIELD_ERRORS, CONFLICT_CODE):
        return None
    latest = form.instance.latest
    headline, summary, body = (str(form[name].value() or "") for name in ("headline", "summary", "body"))
    text = VersionText(" ".join(headline.split()), summary.strip(), parse_body(body))
    return {"theirs": latest, "parts": compare_versions(VersionText.from_revision(latest), text)}
