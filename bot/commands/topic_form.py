"""The form of a topic, without any grammar: all of, any of, none of; and its expression, for who knows the language."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot import present
from bot.base.form import Form, Option
from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands import saved, undo
from bot.commands.forms import Call, FieldError, Kind, Standing, State, one
from bot.commands.home import topic_of
from bot.commands.session import Session
from bot.commands.subscription_form import offered
from bot.commands.topics import own
from briefs.errors import UsageError
from briefs.languages import SERVED as ARTICLE_LANGUAGES
from briefs.store.channel_rows import StoredTopic
from briefs.topics import AllOf, AnyOf, Expression, Filtered, Topic, Word, all_of, any_of, parse_topic

WEEK = timedelta(days=7)
SAMPLES = 3
_ITEM = re.compile(r'"([^"]+)"|[^,，、;；\n]+')
_MARKS = '"“”„＂«»「」『』'
_SIMPLE = ("all", "any", "none", "languages", "sources")


class TopicForm(Kind):
    """subject: the number of a topic of the workspace; "" for a new one; or "w" and the id of words that are kept."""

    together = frozenset((*_SIMPLE, "advanced"))  # its expression

    def state(self, session: Session, subject: str) -> State:
        """Return the topic as it stands: in simple fields where they can say it, else as its expression."""
        empty: State = {"name": (), "advanced": (), **dict.fromkeys(_SIMPLE, ())}
        if not subject:
            return empty
        if subject.isdecimal():
            stored = _stored(session, subject)
            return empty | {"name": (stored.name,)} | _fields(stored.expression)
        previewed = session.kept(subject[1:])
        return empty | (_fields(previewed["words"]) if previewed else {})

    def typed(self, session: Session, arguments: Mapping[str, str]) -> State:
        """Return the name that was typed."""
        return {"name": (arguments["topic"],)} if "topic" in arguments else {}

    def form(self, session: Session, subject: str, state: State) -> Form:
        """Make the form."""
        codes = ARTICLE_LANGUAGES
        return present.topic_form(
            session.messages,
            state,
            languages=[Option(code, session.messages.language_name(code)) for code in codes],
            sources=_sources(session),
            changes=subject.isdecimal(),
            live=self._live(session, state),
        )

    def _live(self, session: Session, state: State) -> tuple[str, ...]:
        try:
            expression = parse_topic(written(state))
        except UsageError:
            return ()  # there is nothing yet, or what is wrong is said when it is saved
        topic, reader = Topic("", expression, (), kept=False), session.messages.language
        outlook = session.archive.outlook(topic, session.now - WEEK, samples=SAMPLES, reader=reader)
        titles = tuple(story.lead.title for story in outlook.samples)
        lines = present.outlook_lines(len(outlook.first_seen), titles, session.messages)
        return (present.in_words(expression, session.messages), *lines)

    def offers(self, session: Session, field: str, typed: str) -> Sequence[Option]:
        """Return sources whose names hold what is typed."""
        return offered(_sources(session), typed)

    def calls(self, session: Session, subject: str, state: State) -> Sequence[Call]:
        """Return "topic add"; or "topic edit" and "topic rename" for what is another than it was."""
        name, words = " ".join(one(state, "name").split()), written(state)
        fields = {"topic": "name", "name": "name", "words": "advanced" if one(state, "advanced") else "all"}
        if not name:
            raise FieldError("name", t("Give it a name."))
        if not subject.isdecimal():
            return [Call("topic add", {"topic": name, "words": words}, fields)]
        stored = _stored(session, subject)
        calls = (
            [] if words == stored.expression else [Call("topic edit", {"topic": stored.name, "words": words}, fields)]
        )
        if name != stored.name:
            calls.append(Call("topic rename", {"topic": stored.name, "name": name}, fields))
        return calls

    def stands(self, session: Session, subject: str, state: State) -> Standing:
        """Return the topic as it stands."""
        return undo.stands(session, "topic", int(subject)) if subject.isdecimal() else None

    def said(self, session: Session, subject: str, state: State, before: Standing) -> Reply:
        """Say what the topic looks for now."""
        return saved.topic(session, session.topic(one(state, "name")), before)


def _fields(expression: str) -> State:
    simple = fields_of(parse_topic(expression))
    return {"advanced": (expression,)} if simple is None else simple


def fields_of(expression: Expression) -> State | None:
    """Take an expression apart into simple fields; None where they cannot say it."""
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    if isinstance(expression, Filtered):
        if expression.not_sources or expression.hours:
            return None
        languages, sources, expression = expression.languages, expression.sources, expression.words
    parts, without = (expression.parts, expression.without) if isinstance(expression, AllOf) else ((expression,), ())
    groups = [part.parts for part in parts if isinstance(part, AnyOf)]
    none = [inner for part in without for inner in (part.parts if isinstance(part, AnyOf) else (part,))]
    alone: list[Expression] = [part for part in parts if not isinstance(part, AnyOf)]
    if len(groups) > 1 or not all(isinstance(word, Word) for word in (*alone, *none, *sum(groups, ()))):
        return None
    listed = {"all": alone, "any": [word for group in groups for word in group], "none": none}
    named = {field: (_listed(words),) if words else () for field, words in listed.items()}
    return {**named, "languages": languages, "sources": sources}


def written(state: State) -> str:
    """Write what stands in the fields in the topic language: the expression, where there is one."""
    if advanced := one(state, "advanced"):
        try:
            return str(parse_topic(advanced))
        except UsageError as error:
            raise FieldError("advanced", error.template, **error.values) from error
    every, some, none = (_words(one(state, field)) for field in ("all", "any", "none"))
    if not every and not some:
        raise FieldError("all", t("Name a word at least: here, or under “any of”."))
    expression = all_of([*every, *([any_of(some)] if some else [])], none)
    if state["languages"] or state["sources"]:
        expression = Filtered(expression, sources=state["sources"], languages=state["languages"])
    return str(expression)


def _words(text: str) -> list[Expression]:
    found = (" ".join((match[1] or match[0]).translate(_NO_MARKS).split()) for match in _ITEM.finditer(text))
    return [Word(word) for word in dict.fromkeys(found) if word]


_NO_MARKS = dict.fromkeys(map(ord, _MARKS))


def _listed(words: Sequence[Expression]) -> str:
    texts = (word.text for word in words if isinstance(word, Word))
    return ", ".join(f'"{text}"' if re.search("[,，、;；]", text) else text for text in texts)


def _stored(session: Session, number: str) -> StoredTopic:
    """Return a topic that the asker may change. Raises UsageError that says who may."""
    return own(session, topic_of(session, number).name)


def _sources(session: Session) -> list[Option]:
    names = dict.fromkeys(source.name for source in session.sources if source.name)
    return [Option(name, name) for name in names if len(name) <= 75]
