"""Replies and forms as strangers would like them to look; Hypothesis writes them, every platform has to show them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from bot.base.form import ChannelField, ChoiceField, DateField, Form, Option, TextField
from bot.base.reply import (
    Bars,
    Button,
    Buttons,
    Footer,
    Heading,
    Listing,
    Paragraph,
    QuoteLine,
    Reply,
    Row,
    Span,
    StoryItem,
)

ALIVE = "<!channel> <@U1> *bold* _it_ ~no~ `code` <https://evil.example|bank> &lt; @everyone :tada: \u202egnp"
_WORDS = (
    "@ everyone @here <@ 1> <@&7> <#9> <t:1:R> :x: ` ``` ** __ || [ ]( http://a.b ) \\ 腾讯 é 👩‍💻 # > >>> -# 1. word"
)
_PIECES = st.sampled_from([*_WORDS.split(), " ", "\n", "\u202e", "\x00", "\ud800"])
HOSTILE = st.one_of(
    st.just(ALIVE),
    st.lists(_PIECES, max_size=12).map("".join),
    st.text(max_size=80),
    st.builds(lambda piece, times: piece * times, _PIECES, st.sampled_from([80, 500])),
    st.sampled_from(["", " ", '"' * 3000, "词" * 6000]),
)
URLS = st.one_of(
    st.none(),
    st.sampled_from(["https://a.example/", "http://a.example/@everyone", "https://a@b.example/", "javascript:x"]),
    st.just("https://b.example/" + "é" * 900),
    HOSTILE.map(lambda text: f"https://c.example/{text[:400]}"),
    HOSTILE,
)
SPANS = st.builds(Span, HOSTILE, URLS, st.booleans(), st.booleans())
LINES = st.lists(SPANS, max_size=4).map(tuple)
VALUES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=60)  # they are ours
BUTTONS = st.builds(Button, st.sampled_from(["share", "why"]), HOSTILE, VALUES, HOSTILE)
QUOTES = st.builds(QuoteLine, HOSTILE, URLS, st.sampled_from(["en", "fr", "zh", "und"]), HOSTILE)
MENUS = st.builds(
    lambda actions, label, value: tuple(Button(one, label, value) for one in actions),
    st.lists(st.sampled_from(["why", "story", "up", "down", "less"]), max_size=5, unique=True),
    HOSTILE,
    VALUES,
)
STORIES = st.builds(
    StoryItem,
    number=st.integers(1, 99),
    title=HOSTILE,
    url=URLS,
    quotes=st.lists(QUOTES, max_size=3).map(tuple),
    small=LINES,
    mark=st.sampled_from(["", "Update"]),
    since=st.none() | SPANS,
    menu=MENUS,
)
PARTS = st.one_of(
    st.builds(Heading, HOSTILE, HOSTILE),
    st.builds(Paragraph, st.lists(LINES, max_size=4).map(tuple)),
    st.builds(Listing, st.lists(LINES, max_size=8).map(tuple)),
    STORIES,
    STORIES.map(lambda story: replace(story, quotes=(), flat=True)),
    st.builds(Bars, st.lists(st.tuples(HOSTILE, st.integers(0, 10**6)), max_size=30).map(tuple)),
    st.builds(Buttons, st.lists(BUTTONS, max_size=28).map(tuple)),
    st.builds(Row, HOSTILE, HOSTILE, st.lists(BUTTONS, max_size=4).map(tuple)),
    st.builds(Footer, LINES),
)
# What the bot says itself, never as long as a message.
FEET = st.builds(Buttons, st.lists(BUTTONS, min_size=1, max_size=5).map(tuple)) | st.just(Footer((Span(ALIVE),)))
REPLIES = st.builds(
    Reply,
    language=st.just("en"),
    summary=HOSTILE,
    parts=st.lists(PARTS, max_size=8).map(tuple),
    overflow=st.lists(PARTS, max_size=4).map(tuple),
    headlines=st.lists(HOSTILE, max_size=3).map(tuple),
    foot=st.lists(FEET, max_size=2).map(tuple),
    overflow_summary=HOSTILE,
)

# ---------------------------------------------------------------- forms

LABELS = st.text(max_size=400) | st.sampled_from(["", "<!channel> & <https://x.example|y>", "*b* `c`", "词" * 200])
IDS = st.text("abc123:.", min_size=1, max_size=75)
WORDED = LABELS.map("Of ".__add__)  # by us, around what strangers wrote
_OPTIONS = st.lists(st.builds(Option, IDS, WORDED), min_size=1, max_size=120, unique_by=lambda one: one.value)
_SEVERAL = _OPTIONS.map(tuple)


@st.composite
def _fields(draw: st.DrawFn, name: str) -> TextField | ChoiceField | ChannelField | DateField:
    def flag() -> bool:
        return draw(st.booleans())

    label, hint = draw(WORDED), draw(LABELS)
    match draw(st.sampled_from([TextField, ChoiceField, ChannelField, DateField])):
        case kind if kind is TextField:
            most = draw(st.sampled_from([20, 3000]))
            return TextField(name, label, draw(LABELS), hint, flag(), flag(), most, flag())
        case kind if kind is ChoiceField:
            known = draw(_SEVERAL)
            chosen = draw(st.sampled_from([(), known[:1], known[:5]]))
            return ChoiceField(name, label, known, chosen, hint, flag(), flag(), flag(), flag())
        case kind if kind is ChannelField:
            return ChannelField(name, label, draw(st.sampled_from(["", "C1"])), hint)
        case _:
            return DateField(name, label, draw(st.sampled_from(["", "2027-01-12"])), hint)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    fields = tuple(draw(_fields(f"f{number}")) for number in range(draw(st.integers(1, 12))))
    errors = draw(st.dictionaries(st.sampled_from(["", "f0", "gone"]), LABELS))
    live = tuple((Span(line),) for line in draw(st.lists(LABELS, max_size=4)))
    title, submit, cancel = (draw(WORDED) for _ in range(3))
    return Form("topic", draw(IDS), "en", title, submit, cancel, fields, live, draw(LABELS), errors)
