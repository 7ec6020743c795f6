"""What a language is to this program: data alone, in one file per language; `text`, `quoting` and `ingest` read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def words(listed: str) -> frozenset[str]:
    """Return the words of a list that is parted by white space."""
    return frozenset(listed.split())


def forms(listed: str) -> Mapping[str, str]:
    """Return the first form of each of the others: of lines as "take took taken | good better"."""
    entries = (entry.split() for entry in listed.replace("\n", "|").split("|"))
    return {form: base for base, *others in filter(None, entries) for form in others}


_NONE: frozenset[str] = frozenset()
NO_NAME = r"(?!.*\s[A-ZÀ-ÖØ-Þ][a-zà-ÿ])"  # ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """What in a sentence points back at one that is not quoted, as patterns; see `quoting._pointing`.

    opens: at its beginning, in any case. echoes: further on, in any case; likens: the same, and in quotations of no
    account; both are looked for only where a sentence has one of the words `echoing`, `likening` (characters, in
    Chinese), in small letters. verbless: a noun for what was just told, without a verb of its own.
    somebody: who is spoken of before anybody is named; nobody: where that stands for nobody. theirs: whose something is.
    epithets: at its beginning, somebody by what they are; introduced: what was named before.
    first_person: at its beginning. speakers: "he said", with one of the words `speaking`; somebody_says: "says the man".
    says: verbs after or before a name. titles: before a family name. days: words with a capital that name nobody.
    """

    opens: tuple[str, ...] = ()
    verbless: Verbless | None = None
    echoes: tuple[str, ...] = ()
    echoing: frozenset[str] = _NONE
    likens: tuple[str, ...] = ()
    likening: frozenset[str] = _NONE
    somebody: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    epithets: tuple[str, ...] = ()
    introduced: tuple[str, ...] = ()
    first_person: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    speaking: frozenset[str] = _NONE
    somebody_says: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verbless:
    """A noun at the beginning with a clause hanging on it; the words that clauses hang by; verbs, one for each clause."""

    noun: str
    relatives: str
    verbs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate:
    """What pages put around their text, as patterns in any case; see `ingest._boilerplate_lines`, which says what each is.

    Of a whole line, or a whole piece of one: navigation to menu_item, and credit. Before a value: author to date.
    about, the_author: what heads the author's box; author_does: what follows their name in it. you_are_here, home: what
    breadcrumbs begin with. byline: what stands before a name, as written; between_names, office: within and behind it.
    All are linear: no nested repetition, and every open run is bounded.
    """

    navigation: tuple[str, ...] = ()
    comment_form: tuple[str, ...] = ()
    comment_field: tuple[str, ...] = ()
    page_head: tuple[str, ...] = ()
    read_on: tuple[str, ...] = ()
    teaser: tuple[str, ...] = ()
    list_label: tuple[str, ...] = ()
    counter: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    notice: tuple[str, ...] = ()
    menu_item: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    the_author: tuple[str, ...] = ()
    author_does: tuple[str, ...] = ()
    you_are_here: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    between_names: tuple[str, ...] = ()
    office: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """How people type lengths of time and days, folded.

    units: hours, days, weeks, months, years → their words. days_ago: names of today, yesterday, the day before, parted
    by "|". weekdays: of each from Monday on, its names. before_age, after_age: "last 3 days", "3 days ago".
    """

    units: Mapping[str, str] = field(default_factory=dict)
    days_ago: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    before_age: str = ""
    after_age: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagePack:
    """One language. Nothing but the code has to be told; what is left out costs what it would have brought.

    Stop words and question words are folded (see `terms.fold`), never stemmed. Abbreviations are in lower case without
    the full stop that follows them; those of all languages count in each, since texts name people and firms of others.

    code: ISO 639-1, as CLDR has it. stemmer: the Snowball algorithm, None where there is none.
    core_stop_words: say nothing of what a text is on. other_stop_words: common words that say little: a query counts
    them at half weight. question_words: say what is asked for, not what about.
    before_names: abbreviations that never end a sentence, because a name or a noun follows. before_numbers: a number
    follows; what else follows starts a sentence. may_end: they may end one, as the next word tells. also_words: those
    that are words as well, unless they have a capital ("He sat. Peter left").
    base_forms: the dictionary form of what no stemmer takes there. pointing: what leans on another sentence.
    judged: sentences of it are among those that `quoting.standalone` learned from. wide: it is written without blanks, and a character holds about what three letters do.
    asks_when, asks_how_many: how a question for a date, for a number, is put; date_words, number_words: what answers
    it, besides figures. Patterns, folded; of whole words, unless it is wide.
    asks_what: how a question for what or who something is, is put, as a pattern in any case with the thing as its only
    group that is found; tells_what: what follows a thing that is told, "is a", ", the", "(".
    boilerplate: what its pages put around their text. names: of the language, besides those that CLDR has.
    endings: (pattern, replacement) that bring the forms of a folded word nearer before it is stemmed.
    elision: what a name has before it without a blank.
    month_spellings: as people write them as well, folded, besides CLDR's. calendar: how people type times and days.
    figure_units: words behind a figure, in small letters. correction: what an article begins with that is one.
    of_the_page: what is in a line that a page says of itself, when it was made and how many came: its figures change by
    themselves.
    negation: a pattern. ordinal_dot: "am 3. Oktober" is no end. capital_nouns: nouns have a capital, and are no names.
    """

    code: str
    stemmer: str | None = None
    core_stop_words: frozenset[str] = _NONE
    other_stop_words: frozenset[str] = _NONE
    question_words: frozenset[str] = _NONE
    before_names: frozenset[str] = _NONE
    before_numbers: frozenset[str] = _NONE
    may_end: frozenset[str] = _NONE
    also_words: frozenset[str] = _NONE
    base_forms: Mapping[str, str] = field(default_factory=dict)
    pointing: Pointing = Pointing()
    judged: bool = False
    wide: bool = False
    asks_when: str = ""
    asks_how_many: str = ""
    date_words: str = ""
    number_words: str = ""
    asks_what: str = ""
    tells_what: str = ""
    boilerplate: Boilerplate = Boilerplate()
    names: tuple[str, ...] = ()
    endings: tuple[tuple[str, str], ...] = ()
    elision: str = ""
    quotation_marks: tuple[str, str] = ("“", "”")
    month_spellings: Mapping[str, int] = field(default_factory=dict)
    calendar: Calendar = Calendar()
    figure_units: Mapping[str, float] = field(default_factory=dict)
    correction: str = ""
    of_the_page: str = ""
    negation: str = ""
    ordinal_dot: bool = False
    capital_nouns: bool = False
