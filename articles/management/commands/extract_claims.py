"""`manage.py extract_claims`: print the claims in text files. Uses no database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from articles.extraction import Proposal, extract


class Command(BaseCommand):
    help = "Print the claims found in plain text files, as JSON Lines. Offsets count code points."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="text files; - is standard input")
        parser.add_argument("--format", choices=["jsonl"], default="jsonl")

    def handle(self, *args: object, **options: Any) -> None:
        failed = False
        for name in options["files"]:
            try:
                data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            except OSError as error:
                self.stderr.write(f"{name}: cannot be read: {error.strerror}.")
                failed = True
                continue
            text = data.decode("utf-8", errors="replace")
            extraction = extract(text)
            line = {"file": name, "claims": [_claim_as_json(proposal) for proposal in extraction.proposals]}
            if extraction.warnings:
                line["warnings"] = [{"code": code, "detail": detail} for code, detail in extraction.warnings]
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        if failed:
            sys.exit(1)


def _claim_as_json(proposal: Proposal) -> dict[str, Any]:
    """Return the JSON form of a claim.

    `content` is all that is attributed to the last hop, as corpora mark it. `said` is the span of the statement itself.
    """
    return {
        "source": [list(span) for span in proposal.source],
        "cue": [list(span) for span in proposal.cue],
        "content": [list(span) for span in proposal.last_hop_content],
        "said": [list(span) for span in proposal.content],
        "statement": proposal.statement,
        "form": proposal.form.value,
        "modality": proposal.modality.value,
        "speaker": proposal.hops[-1].speaker.name,
        "hops": [
            {
                "source": hop.speaker.name,
                "kind": "anonymous" if hop.speaker.anonymous_number is not None else hop.speaker.kind.value,
                "mention": hop.mention,
                "verb": hop.verb,
                "explicit": hop.explicit,
            }
            for hop in proposal.hops
        ],
        "confidence": proposal.confidence,
        "reporting": proposal.reporting,
    }
