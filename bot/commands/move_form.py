"""The form that moves a subscription to another channel."""

from __future__ import annotations

from collections.abc import Sequence

from bot import present
from bot.base.form import Form, Option
from bot.commands.forms import Call, Kind, State, one
from bot.commands.session import Session
from bot.commands.subscription_form import channels_of, subscription_of
from briefs.errors import UsageError


class MoveForm(Kind):
    """subject: the number of a subscription of the channel."""

    def state(self, session: Session, subject: str) -> State:
        """Begin with no channel."""
        return {"to": ()}

    def form(self, session: Session, subject: str, state: State) -> Form:
        """Make the form."""
        topic = session.called(subscription_of(session, subject).topic.name)
        choices = self._choices(session)
        return present.move_form(session.messages, state, topic=topic, place=session.here.name, choices=choices)

    def _choices(self, session: Session) -> Sequence[Option] | None:
        """Give the channels that it can go to, where the platform does not offer them by itself."""
        if (there := channels_of(session)) is None:
            return None
        others = [one for one in there if one.value != session.channel.id]
        if not others:
            raise UsageError("I am in no other channel that you manage: invite me into one first.")
        return others

    def calls(self, session: Session, subject: str, state: State) -> Sequence[Call]:
        """Give "move"."""
        topic = subscription_of(session, subject).topic.name
        return [Call("move", {"topic": topic, "channel": one(state, "to")}, {"channel": "to"})]
