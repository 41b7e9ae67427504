"""List every code that an import gives, with its meaning in one or two sentences.

The sentences are marked for translation. Translate them where they are shown: `gettext(WARNINGS[code])`.
"""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Mark a message for `makemessages`, which looks for this name."""
    return message


WARNINGS = {
    "encoding-utf-16": gettext_noop("The file is not UTF-8. It was read as UTF-16 or UTF-32."),
    "encoding-cp1252": gettext_noop("The file is not UTF-8. It was read as Windows-1252."),
    "encoding-bad-bytes": gettext_noop(
        "Some bytes are not valid in the file's encoding. Each was replaced by “\ufffd”."
    ),
    "encoding-cut": gettext_noop("The file ends in the middle of a character. That character is missing."),
    "mojibake": gettext_noop("Some characters had been decoded wrongly earlier. They were repaired."),
    "odd-characters": gettext_noop(
        "Control, zero-width, bidirectional or no-break characters were removed or replaced."
    ),
    "page-break": gettext_noop("A form feed or paragraph separator was read as a blank line."),
    "several-articles": gettext_noop("The file contains more than one article."),
    "text-after-url": gettext_noop("There is text after the URL that is not an article. It was ignored."),
    "url-twice": gettext_noop("A second URL follows the first without an article between them. It was ignored."),
    "date-missing": gettext_noop("No date was found in the header or in the URL."),
    "date-from-url": gettext_noop("The header has no date. The date was taken from the URL."),
    "date-impossible": gettext_noop("The date in the header does not exist."),
    "date-weekday": gettext_noop("The weekday in the header does not match the date. The date was kept."),
    "date-twice": gettext_noop("The header has two dates. The first one that is not the date of an update was used."),
    "url-missing": gettext_noop("The file has no original URL."),
    "url-unusable": gettext_noop("The original URL is not a usable URL."),
    "paragraph-rejoined": gettext_noop("A paragraph was split in two. It was joined again."),
    "possible-break": gettext_noop(
        "A paragraph may be incomplete: it ends without punctuation or after an abbreviation."
    ),
    "hyphen-kept": gettext_noop(
        "A word is broken at the end of a line. It is not clear whether it has a hyphen, so the hyphen was kept."
    ),
    "headline-long": gettext_noop("The headline is longer than 300 characters. It was cut."),
    "not-as-exported": gettext_noop(
        "The file says that the story is published, reviewed or corrected. This was not imported."
    ),
    "schema": gettext_noop("The file does not follow the schema of its format. The readable parts were imported."),
}

REJECTIONS = {
    "empty": gettext_noop("The file is empty."),
    "no-body": gettext_noop("There is a headline without text under it."),
    "no-headline": gettext_noop("The file begins with text, a byline or a date instead of a headline."),
    "not-text": gettext_noop("The bytes are not text in a known encoding."),
    "format-not-supported": gettext_noop("Files of this format cannot be imported yet."),
    "bad-json": gettext_noop("A line in the exchange format is not valid JSON, or lacks a required value."),
    "too-large": gettext_noop("The file is larger than the limit for an article."),
    "unreadable": gettext_noop("The file cannot be opened."),
    "not-a-file": gettext_noop("This is not a regular file."),
    "symlink-loop": gettext_noop("A symbolic link points back to itself."),
    "not-found": gettext_noop("There is no file with this name."),
    "archive-broken": gettext_noop("The archive is damaged."),
    "archive-encrypted": gettext_noop("The file in the archive needs a password."),
    "archive-bomb": gettext_noop("The archive unpacks to far more data than it should."),
}
