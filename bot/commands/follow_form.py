"""The form of one field that follows a site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import present
from bot.base.form import Form, Option
from bot.base.i18n import t
from bot.commands.forms import Call, FieldError, Standing, State, one
from bot.commands.session import Session


class FollowForm:
    """subject: nothing."""

    def state(self, session: Session, subject: str) -> State:
        """Begin with no address."""
        return {"address": ()}

    def typed(self, session: Session, arguments: Mapping[str, str]) -> State:
        """Give what was typed of "follow"."""
        return {name: (value,) for name, value in arguments.items()}

    def form(self, session: Session, subject: str, state: State) -> Form:
        """Make the form."""
        return present.follow_form(session.messages, state)

    def offers(self, session: Session, field: str, typed: str) -> Sequence[Option]:
        """Nothing is searched in it."""
        return ()

    def calls(self, session: Session, subject: str, state: State) -> Sequence[Call]:
        """Give "follow"."""
        if not (address := one(state, "address")):
            raise FieldError("address", t("Paste the address of a site."))
        return [Call("follow", {"address": address})]

    def stands(self, session: Session, subject: str, state: State) -> None:
        """Nothing of it is put back: what is found can be followed or not."""

    def said(self, session: Session, subject: str, state: State, before: Standing) -> None:
        """Say nothing: the command answers."""
