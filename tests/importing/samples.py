"""Seed files for the tests of imports."""

from __future__ import annotations

from pathlib import Path

PEOPLE = ("Ada Roe", "Colm Fry", "Ines Marr", "Otto Lund", "Priya Shah")


def make_seed_text(number: int, *, words: str = "The pier is sound", url: str | None = None) -> str:
    """Return a seed file with two claims and a figure."""
    speaker = PEOPLE[number % len(PEOPLE)]
    return (
        f"Pier {number} Passes Its Inspection\n\nBy Northwire\n\nMarch {number % 28 + 1}, 2024\n\n"
        f"“{words},” said harbour engineer {speaker} on Monday. “At least {number + 10} bolts were tested.”\n\n"
        f"The work took about {number + 3} days, according to the Harbour Authority, and nobody was hurt in it.\n\n"
        f"Original url: {url or f'https://www.pier-post.example/2024/03/{number % 28 + 1:02}/pier-{number}'}\n"
    )


def make_seed_folder(path: Path, count: int) -> Path:
    """Make a folder with this many seed files."""
    path.mkdir(exist_ok=True)
    for number in range(count):
        (path / f"{number:05}.txt").write_text(make_seed_text(number), encoding="utf-8")
    return path
