"""Forms: their initial values, and the commands that submitting them carries out.

    subject, values → state (what stands in the fields) → Form        open, redraw
                                                        → commands    submit: the same that typed text would have been

A form saves nothing itself: its commands do, with their rights and their refusals. Its subject carries a hash of what
each field showed. A field that still has that value was not changed by whoever submits, so what somebody else has set
meanwhile stays.
"""

import asyncio
from abc import ABC, abstractmethod
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import starmap

from bot.base.form import Form, FormName, Option, Values
from bot.base.i18n import Messages, t
from bot.base.reply import Reply
from bot.commands.places import named
from bot.commands.session import Session
from bot.commands.undo import State as Stood
from briefs.errors import UsageError

State = dict[str, tuple[str, ...]]
Standing = Stood | None
_SHOWN = "~"  # in a subject, before the marks of what the fields showed
_MARK = 4  # letters: of 16 million, and a subject stays within what Discord lets a form be called
_NOT_THERE = t("I am not in that channel, or you are not: invite me there, then save again.")


@dataclass(frozen=True, slots=True)
class Call:
    """A command to carry out. fields: what its parameters stand in, where that has another name."""

    command: str
    arguments: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)


class FieldError(UsageError):
    """The value of one field is wrong."""

    def __init__(self, field: str, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.field = field


class Kind(ABC):
    """One kind of form. Each method works in a thread, and may raise UsageError.

    together: fields that belong together: when one is changed, the others count as submitted, too.
    """

    together: frozenset[str] = frozenset()

    @abstractmethod
    def state(self, session: Session, subject: str) -> State:
        """Return the initial values of the fields."""

    @abstractmethod
    def form(self, session: Session, subject: str, state: State) -> Form:
        """Make the form."""

    @abstractmethod
    def calls(self, session: Session, subject: str, state: State) -> Sequence[Call]:
        """Return the commands that carry out what the fields say."""

    def typed(self, session: Session, arguments: Mapping[str, str]) -> State:
        """Return the values of fields for arguments that were typed of its command; by default none."""
        return {}

    def offers(self, session: Session, field: str, typed: str) -> Sequence[Option]:
        """Return the options of a searchable field for what was typed, best first; by default none."""
        return ()

    def stands(self, session: Session, subject: str, state: State) -> Standing:
        """Return the state that will be changed, for *Undo*; by default none."""
        return None

    def said(self, session: Session, subject: str, state: State, before: Standing) -> Reply | None:
        """Return the announcement of what was saved; None: the command's own. before: as `stands` returned it."""
        return None


@dataclass(frozen=True, slots=True)
class OneField(Kind):
    """The form of one field: a command and its only parameter. word: words it; empty: what is said where it is."""

    command: str
    field: str
    word: Callable[[Messages, State], Form]
    empty: str

    def state(self, session: Session, subject: str) -> State:
        """Begin with nothing."""
        return {self.field: ()}

    def typed(self, session: Session, arguments: Mapping[str, str]) -> State:
        """Return what was typed of the command."""
        return {name: (value,) for name, value in arguments.items()}

    def form(self, session: Session, subject: str, state: State) -> Form:
        """Make the form."""
        return self.word(session.messages, state)

    def calls(self, session: Session, subject: str, state: State) -> Sequence[Call]:
        """Return the command."""
        if not (typed := one(state, self.field)):
            raise FieldError(self.field, self.empty)
        return [Call(self.command, {self.field: typed})]


CarryOut = Callable[[Session, str, Mapping[str, str]], Awaitable[Reply]]
Check = Callable[[Session, str, str, str], Awaitable[object]]


class Forms:
    """Opens and submits forms.

    carry_out: runs a command. check: parses one argument of a command, as the command will.
    """

    def __init__(self, kinds: Mapping[FormName, Kind], carry_out: CarryOut, check: Check) -> None:
        self._kinds: dict[str, Kind] = dict(kinds.items())
        self._carry_out, self._check = carry_out, check

    async def open(self, session: Session, name: str, subject: str, values: Values | None = None) -> Form:
        """Return a form, or redraw it with these values in its fields."""
        kind, there, key, state = await self._begun(session, name, subject)
        form = await asyncio.to_thread(kind.form, there, key, state | dict(values or {}))
        return replace(form, subject=_marked(subject, state))

    async def typed(self, session: Session, name: str, arguments: Mapping[str, str]) -> Form:
        """Open a form with what was typed of its command."""
        return await self.open(session, name, "", self._kind(name).typed(session, arguments))

    async def offer(self, session: Session, name: str, field: str, typed: str) -> Sequence[Option]:
        """Return what a searched choice may become, best first."""
        return await asyncio.to_thread(self._kind(name).offers, session, field, typed)

    async def submit(self, session: Session, name: str, subject: str, values: Values) -> Form | Reply:
        """Submit a form: return the reply to whoever submits, or to all; or the form with its errors."""
        kind, there, key, before = await self._begun(session, name, subject)
        is_gone = not any(before.values())  # what it showed: its words were kept for a while only
        state = before | (dict(values) if is_gone else _changed(kind, subject, values))
        try:
            chosen = await self._chosen(there, state)
            calls = await asyncio.to_thread(kind.calls, chosen, key, state)
            errors = await self._errors(chosen, calls)
            if not errors:
                stands = await asyncio.to_thread(kind.stands, chosen, key, state)
                replies = [await self._carry_out(_once(chosen, call), call.command, call.arguments) for call in calls]
                said = await asyncio.to_thread(kind.said, chosen, key, state, stands)
                return said or replies[-1]
        except FieldError as error:
            errors = {error.field: session.messages.error(error)}
        except UsageError as error:
            errors = {"": session.messages.error(error)}
        form = await asyncio.to_thread(kind.form, there, key, before | dict(values))
        return replace(form, subject=_marked(subject, before), errors=errors)

    async def _begun(self, session: Session, name: str, subject: str) -> tuple[Kind, Session, str, State]:
        """Return the form's kind, a session in its channel, its subject there, and its present values."""
        kind = self._kind(name)
        there, key = await self.there(session, subject.partition(_SHOWN)[0])
        return kind, there, key, await asyncio.to_thread(kind.state, there, key)

    async def there(self, session: Session, subject: str) -> tuple[Session, str]:
        """Return a session in the channel that a subject, "C1:45", names, with the asker's rights there; the rest."""
        channel, _, key = subject.rpartition(":")
        if channel in ("", session.channel.id):
            return session, key
        return await asyncio.to_thread(session.at, await named(session, channel)), key

    async def _chosen(self, session: Session, state: State) -> Session:
        """Return a session in the channel that is chosen in the form."""
        if "channel" not in state:
            return session
        if not (channel := one(state, "channel")):
            raise FieldError("channel", t("Choose a channel."))
        try:
            chosen, _ = await self.there(session, f"{channel}:")
        except UsageError as error:  # it names the channel by its id, which nobody has typed
            raise FieldError("channel", _NOT_THERE) from error
        if not chosen.asked.reachable:
            raise FieldError("channel", _NOT_THERE)
        return chosen

    async def _errors(self, session: Session, calls: Sequence[Call]) -> dict[str, str]:
        errors = {}
        for call in calls:
            for param, value in call.arguments.items():
                try:
                    await self._check(session, call.command, param, value)
                except UsageError as error:
                    errors[call.fields.get(param, param)] = session.messages.error(error)
        return errors

    def _kind(self, name: str) -> Kind:
        if name not in self._kinds:
            raise UsageError("There is no form “{name}”.", name=name)
        return self._kinds[name]


def _once(session: Session, call: Call) -> Session:
    """Return the session for one command of a submission: with a trigger of its own, and no announcement."""
    trigger = session.asked.trigger and f"{session.asked.trigger}:{call.command}"
    return replace(session, asked=replace(session.asked, trigger=trigger), tells=False)


def _marked(subject: str, state: State) -> str:
    """Return the subject with hashes of what the fields showed when the form was opened; redrawing keeps them."""
    if _SHOWN in subject or not any(state.values()):
        return subject
    return subject + _SHOWN + "".join(starmap(_mark, state.items()))


def _changed(kind: Kind, subject: str, values: Values) -> State:
    """Return the values of the fields that are not as they were shown."""
    _, _, shown = subject.partition(_SHOWN)
    marks = {shown[at : at + _MARK] for at in range(0, len(shown), _MARK)}
    changed = {name for name, value in values.items() if _mark(name, value) not in marks}
    meant = changed | kind.together if changed & kind.together else changed
    return {name: value for name, value in values.items() if name in meant}


def _mark(name: str, value: Collection[str]) -> str:
    """Return a hash of a field and its value, whatever the order in which a platform lists choices."""
    said = "\n".join((name, *sorted(filter(None, map(str.strip, value)))))
    return urlsafe_b64encode(sha256(said.encode()).digest()).decode()[:_MARK]


def one(state: Mapping[str, tuple[str, ...]], field: str) -> str:
    """Return the value of a field that has one, or ""."""
    return next(iter(state.get(field, ())), "").strip()
