"""Write thousands of invented seed files with speakers, quotes and figures.

The same number gives the same file.

The texts are combined from the sentences of this module. They have what costs time in real articles: full names
first and surnames later, titles, interrupted quotations, chains of speakers, counts with bounds, days of the week, 350
to 900 words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

#: Words of an article, as in agency reports.
ARTICLE_WORD_RANGE = (350, 900)
#: Files in one folder, so that no folder grows too large to list.
FILES_PER_FOLDER = 1_000
FIRST_DAY = date(2015, 1, 1)
DAY_COUNT = 4_000

GIVEN_NAMES = """Ada Agnes Aidan Alma Amir Anders Anika Anton Astrid Basil Beatriz Bruno Carla Cecil Chiara Clara Conrad
Dagmar Daria Dario Edda Edgar Elif Elin Emeka Enzo Erik Esther Fabian Farid Felix Fiona Frida Gideon
Greta Hana Hugo Ida Ilse Imani Ines Irma Isak Ivo Jana Joana Jonas Josef Judit Kaia Kamal Karin Klara
Lars Leila Leon Livia Lotte Lucas Magda Malin Marta Mateo Milan Mira Nadia Nils Nora Olga Omar Oskar
Paula Petra Pilar Rafael Rosa Ruth Samir Sara Selma Signe Silas Stefan Tamar Teo Tilda Tomas Ulla Vera
Viktor Wanda Yara Yusuf Zoe""".split()
FAMILY_NAMES = """Abara Adler Almeida Anker Arden Bakker Baptiste Barlow Becker Bergen Bianchi Blom Borg Calder Castell Cole
Corvin Dahl Dalgaard Delacroix Demir Duarte Eklund Engel Esposito Falk Farrow Ferrand Fontaine Forsberg Galanis Garrick
Gruber Haddad Halvorsen Hartmann Holt Horvat Ibarra Iversen Jansen Jarvis Jokinen Kaplan Karlsen Keller Kovac Kruse
Lachance Larkin Lindqvist Lorca Lund Maier Marchetti Marlow Mendes Mikkelsen Moreau Nagy Nielsen Novak Oduya Okafor
Olsen Ortega Pace Palmer Pereira Petrov Quist Rahimi Rask Renard Rossi Roth Salazar Sandoval Sato Schuster Silva Soler
Stavros Strand Tanaka Thorne Torres Ulrich Vance Varga Vidal Vogel Weber Winter Yilmaz Zeller""".split()
TOWNS = """Ashmere Blackwater Brandale Calverton Coldhaven Dunmarsh Eastleigh Fairholm Fernbridge Glenrock Greywick
Harrowgate Hollinside Kingsmere Larkfield Marlow Midvale Northquay Oakhurst Oldbridge Pennford
Ravensworth Redcliff Rosehill Saltmouth Silverton Southmoor Stonebay Thornbury Underhill Valebrook
Westmarsh Whitford Windham Yarrow""".split()
ORGANISATIONS = (
    "{town} City Council", "{town} Port Authority", "{town} Police Department", "University of {town}",
    "{town} Water Board", "{town} General Hospital", "{town} Chamber of Commerce", "{town} Fire Service",
    "Union of {town} Teachers", "{town} Institute for Public Health", "Ministry of Transport", "Ministry of Health",
    "National Statistics Office", "Office for Energy Supply", "Federal Audit Court", "Coastal Rescue Association",
)  # fmt: skip
ROLES = (
    "spokesman", "spokeswoman", "director", "chief engineer", "deputy head", "chairman", "chairwoman", "lawyer",
    "economist", "inspector", "treasurer", "head of research",
)  # fmt: skip
AGENCIES = ("AFP", "Reuters", "AP", "DPA", "ANSA", "TASS")
HOSTS = ("dailyledger.example", "northquaypost.example", "thewindhamtimes.example", "valeandvillage.example")
TOPICS = (
    "the harbour tunnel", "the new tram line", "the flood barrier", "the hospital's merger", "the water main",
    "the school roofs", "the night ferry", "the grain terminal", "the power station", "the housing fund",
    "the border crossing", "the wind farm", "the old stadium", "the fishing quota", "the data centre",
)  # fmt: skip
COUNTED_THINGS = (
    "people injured", "homes without power", "jobs", "complaints", "vessels", "passengers", "patients", "houses",
    "arrests", "tonnes of grain", "flights", "workers", "soldiers wounded", "trees", "claims for damages",
)  # fmt: skip
STATEMENTS = (
    "the work on {topic} would take two years longer than planned",
    "{figure} had been counted since {day}",
    "nobody had been warned in time",
    "the contract for {topic} was signed without a second offer",
    "{figure} would be affected if nothing was done",
    "the figures published so far were too low",
    "a decision on {topic} was not expected before the spring",
    "the costs had risen by {percent} percent within a year",
    "an inquiry into {topic} had been opened",
    "{figure} were still missing from the register",
    "the plan had been changed three times",
    "the town could not pay for {topic} alone",
)
QUOTES = (
    "We told them about {topic} in writing, twice, and nobody answered",
    "That is not a number I would have put my name to",
    "There were {figure} on the first morning, and more by noon",
    "I have worked here for {small} years and have never seen anything like it",
    "It will cost what it costs, and the town knows that",
    "The people who decide about {topic} do not live here",
    "We are not talking about a delay, we are talking about a failure",
    "Nobody should have to read this in the newspaper first",
    "If the numbers hold, we shall see {figure} by the end of the month",
    "There is no plan for {topic} that deserves the name",
    "We shall publish every page of it",
)
CUES = ("said", "told reporters", "added", "warned", "explained", "argued", "insisted", "stressed", "noted")
BACKGROUND = (
    "The matter has occupied the council since the winter, when {topic} first appeared on its agenda.",
    "Rain fell for most of the week, and the streets by the river were closed to lorries.",
    "Work on {topic} began {small} years ago and has stood still twice since.",
    "The road to {town} was open again in the evening.",
    "A second meeting is set for next month; the public may attend.",
    "Neighbouring {town} faced the same choice a decade ago and decided otherwise.",
    "About {percent} percent of the budget goes to upkeep, a share that has hardly changed.",
    "The building dates from the last century and has been repaired many times.",
    "Two lorries stood by the gate on {day}, their engines running, and a queue had formed along the wall.",
    "Most of the shops in the lower town open late on {day}, and the market moved {small} years ago.",
    "In {town} a bridge of the same kind was closed for {small} months; ferries ran in its place.",
    "The budget for the year runs to {percent} million, of which a third is bound by contracts that cannot be ended.",
    "Schools and nurseries stay open, buses take the long way round, and letters come a day later than usual.",
    "The river carries more water in spring than in any other season, and its banks are {small} years old.",
    "Outside the hall a dozen people waited in the cold with a thermos flask and two dogs.",
    "The report has {percent} pages, four maps and an annex on the history of {topic}.",
    "Trains between {town} and the coast run every {small} minutes on working days, and hourly on {day}.",
)
REMARKS = (
    "nobody had asked the people next door",
    "not one of the lifts was working",
    "a botched job from first to last",
    "the wrong question at the wrong time",
    "every bit as bad as it looks",
)
BOUNDS = ("at least {n}", "more than {n}", "about {n}", "nearly {n}", "{n}", "up to {n}", "fewer than {n}")
DAYS_OF_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class _Speaker:
    name: str
    role: str
    organisation: str

    @property
    def surname(self) -> str:
        return self.name.rsplit(" ", 1)[1]


def write_corpus(folder: Path, count: int) -> Iterator[Path]:
    """Write `count` seed files in subfolders of `folder`.

    Yield each path after it is written.
    """
    for number in range(count):
        path = folder / f"{number // FILES_PER_FOLDER:04d}" / f"story-{number:07d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make_seed_text(number), encoding="utf-8", newline="\n")
        yield path


def make_seed_text(number: int) -> str:
    """Return the text of the seed file with this number."""
    return _ArticleWriter(number).seed_text()


class _ArticleWriter:
    """Write one article. All random choices depend only on its number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.random = Random(number)
        self.town = self._choose(TOWNS)
        self.topic = self._choose(TOPICS)
        self.has_curly_quotes = self.random.random() < 0.5  # about half of the agencies use them
        self.speakers = [self._make_speaker() for _ in range(self.random.randint(3, 6))]
        self.introduced: set[_Speaker] = set()

    def seed_text(self) -> str:
        """Return the whole article in the seed format."""
        day = FIRST_DAY + timedelta(days=self.random.randrange(DAY_COUNT))
        figure = self._fill("{figure}").capitalize()
        headline = f"{figure} in {self.town} as Dispute Over {self.topic.title()} Drags On, No. {self.number}"
        words, wanted = 0, self.random.randint(*ARTICLE_WORD_RANGE)
        paragraphs = [self._lead()]
        while words < wanted:
            paragraphs.append(self._paragraph())
            words = sum(len(paragraph.split()) for paragraph in paragraphs)
        byline = self._choose(AGENCIES) if self.random.random() < 0.6 else self._make_name()
        related = f"Read more: What {self.town} Spends on {self.topic.title()}"
        url = f"https://www.{self._choose(HOSTS)}/{day:%Y/%m/%d}/{self.town.lower()}-{self.number}"
        header = (
            f"{headline}\nBy {byline}\n{day:%B} {day.day}, {day.year}\n{self._choose(AGENCIES)} / {self._make_name()}"
        )
        return "\n\n".join([header, *paragraphs, related, f"Original url: {url}"]) + "\n"

    def _lead(self) -> str:
        speaker = self.speakers[0]
        return f"{self._fill_sentence(self._choose(STATEMENTS))}, {self._mention(speaker)} said on {self._choose(DAYS_OF_WEEK)}."

    def _paragraph(self) -> str:
        kinds = (
            self._indirect,
            self._quoted,
            self._broken,
            self._according,
            self._chain,
            self._mixed,
            self._background,
        )
        weights = (4, 4, 2, 2, 2, 2, 20)  # about fifteen claims an article
        chosen = self.random.choices(kinds, weights, k=self.random.randint(1, 3))
        return " ".join(sentence() for sentence in chosen)

    def _indirect(self) -> str:
        return f"{self._fill_sentence(self._mention(self._choose_speaker()))} {self._choose(CUES)} that {self._fill(self._choose(STATEMENTS))}."

    def _quoted(self) -> str:
        return f"{self._quote(self._fill(self._choose(QUOTES)) + ',')} {self._mention(self._choose_speaker())} said."

    def _broken(self) -> str:
        first, second = self.random.sample(QUOTES, 2)
        cue = f"{self._choose(CUES)} {self._mention(self._choose_speaker())}"
        return f"{self._quote(self._fill(first) + ',')} {cue}. {self._quote(self._fill(second) + '.')}"

    def _according(self) -> str:
        return (
            f"{self._fill_sentence(self._choose(STATEMENTS))}, according to the {self._choose_speaker().organisation}."
        )

    def _chain(self) -> str:
        speaker = self._choose_speaker()
        citation = (
            f"{self._mention(speaker)} told {self._choose(AGENCIES)}, citing the {self._choose_speaker().organisation}"
        )
        return f"{self._fill_sentence(self._choose(STATEMENTS))}, {citation}."

    def _mixed(self) -> str:
        remark = self._quote(self._choose(REMARKS))
        return f"An official who asked not to be named called the report {remark} and the plan for {self.topic} sound."

    def _background(self) -> str:
        return self._fill(self._choose(BACKGROUND))

    def _mention(self, speaker: _Speaker) -> str:
        """Return the full introduction the first time, then the surname."""
        if speaker in self.introduced:
            return speaker.surname
        self.introduced.add(speaker)
        return f"{speaker.name}, {speaker.role} of the {speaker.organisation},"

    def _quote(self, text: str) -> str:
        return f"“{text}”" if self.has_curly_quotes else f'"{text}"'

    def _fill(self, template: str) -> str:
        number = self.random.choice((self.random.randint(2, 99), self.random.randint(100, 25_000)))
        figure = f"{self._choose(BOUNDS).format(n=f'{number:,}')} {self._choose(COUNTED_THINGS)}"
        return template.format(
            topic=self.topic,
            town=self._choose(TOWNS),
            figure=figure,
            day=self._choose(DAYS_OF_WEEK),
            percent=self.random.randint(2, 80),
            small=self.random.randint(2, 30),
        )

    def _fill_sentence(self, template: str) -> str:
        filled = self._fill(template)
        return filled[0].upper() + filled[1:]

    def _make_speaker(self) -> _Speaker:
        return _Speaker(self._make_name(), self._choose(ROLES), self._choose(ORGANISATIONS).format(town=self.town))

    def _choose_speaker(self) -> _Speaker:
        return self.random.choice(self.speakers)

    def _make_name(self) -> str:
        return f"{self._choose(GIVEN_NAMES)} {self._choose(FAMILY_NAMES)}"

    def _choose(self, choices: tuple[str, ...] | list[str]) -> str:
        return self.random.choice(choices)
