"""The form of a story: its own facts, and the words that saving makes a revision of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.html import format_html

from articles.admin.fields import MultilineCharField
from articles.admin.formatting import admin_link
from articles.editing.revisions import parse_body
from articles.editing.slugs import SlugAllocator
from articles.editing.versions import VersionText, compare_versions
from articles.models import Article
from articles.text.body import plain_text
from articles.text.url_keys import url_key

#: What of a story's page is a column of its own: not the words, which make a revision, nor the topics.
ARTICLE_FIELDS = ("slug", "language", "dateline", "publisher", "agency", "original_url")


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A story's own facts, and the words that saving makes a revision of."""

    headline = forms.CharField(max_length=300, widget=forms.TextInput(attrs={"class": "vTextField"}))
    summary = MultilineCharField(required=False, widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}))
    body = MultilineCharField(
        widget=forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField words"}),
        help_text="Paragraphs with a blank line between them, or HTML: p, h2, h3, blockquote, ul, ol, li, a, "
        "strong, em. Anything else is taken out.",
    )
    note = forms.CharField(
        required=False,
        max_length=300,
        label="What changed",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="In a few words, for colleagues; kept with the revision.",
    )
    original_url = forms.URLField(
        required=False,
        max_length=2000,
        assume_scheme="https",
        widget=AdminURLFieldWidget,
        help_text="Where the story was published first.",
    )
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    #: The page's own key, under which its words are kept until they are saved (articles.editing.autosave).
    writing = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = (*ARTICLE_FIELDS, "topics")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = self.instance.latest
        if latest is not None:
            given = {"headline": latest.headline, "summary": latest.summary, "body": latest.body}
            self.initial = {**given, "based_on": latest.pk, **self.initial}
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = "The address: /articles/…/. Left empty, it is made from the headline."

    def clean_body(self) -> str:
        body = parse_body(self.cleaned_data["body"])
        if not plain_text(body):
            raise forms.ValidationError("The story has no text.")
        return body

    def clean_headline(self) -> str:
        return " ".join(self.cleaned_data["headline"].split())

    def clean_original_url(self) -> str:
        """A story's address elsewhere is known once, however it is written."""
        url: str = self.cleaned_data["original_url"]
        key = url_key(url) if url else None
        known = Article.objects.filter(original_url_hash=key).exclude(pk=self.instance.pk).first() if key else None
        if known is not None:
            raise forms.ValidationError(format_html("The story from there is here already: {}.", admin_link(known)))
        self.instance.original_url_hash = key
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        latest = self.instance.latest
        if latest is not None and "based_on" in self.fields and cleaned.get("based_on") != latest.pk:
            who = latest.author or "An import"
            # Saving again is then based on what this answer shows.
            data = QueryDict(mutable=True)
            data.update(self.data)
            data[self.add_prefix("based_on")] = str(latest.pk)
            self.data = data
            raise forms.ValidationError(
                format_html(
                    "{} saved {} while you were writing. Nothing of yours is lost: it stands below. Compare the two, "
                    "and save again to put yours on top.",
                    who,
                    admin_link(latest, f"revision {latest.number}"),
                ),
                code="written-meanwhile",
            )
        if "slug" in self.fields and not cleaned.get("slug") and cleaned.get("headline"):
            cleaned["slug"] = self.instance.slug or SlugAllocator([cleaned["headline"]]).allocate(cleaned["headline"])
        return cleaned


def autosave_key(form: ArticleForm) -> UUID | None:
    """Under which key the words of a form that comes back are kept."""
    try:
        return UUID(str(form["writing"].value()))
    except ValueError:
        return None


def get_conflict(form: ArticleForm) -> dict[str, Any] | None:
    """Both texts, where somebody saved another revision while this one was written."""
    if not form.has_error(NON_FIELD_ERRORS, "written-meanwhile"):
        return None
    theirs = form.instance.latest
    mine = [str(form[name].value() or "") for name in ("headline", "summary", "body")]
    words = VersionText(" ".join(mine[0].split()), mine[1].strip(), parse_body(mine[2]))
    return {"theirs": theirs, "parts": compare_versions(VersionText.from_revision(theirs), words)}
