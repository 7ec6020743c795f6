"""The form of one field that looks words up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import present
from bot.base.form import Form, Option
from bot.base.i18n import t
from bot.commands.forms import Call, FieldError, Standing, State, one
from bot.commands.session import Session


class SearchForm:
    """subject: nothing."""

    def state(self, session: Session, subject: str) -> State:
        """Begin with no words."""
        return {"query": ()}

    def typed(self, session: Session, arguments: Mapping[str, str]) -> State:
        """Give what was typed of "search"."""
        return {name: (value,) for name, value in arguments.items()}

    def form(self, session: Session, subject: str, state: State) -> Form:
        """Make the form."""
        return present.search_form(session.messages, state)

    def offers(self, session: Session, field: str, typed: str) -> Sequence[Option]:
        """Nothing is searched in it while people type."""
        return ()

    def calls(self, session: Session, subject: str, state: State) -> Sequence[Call]:
        """Give "search"."""
        if not (query := one(state, "query")):
            raise FieldError("query", t("Say what to look for."))
        return [Call("search", {"query": query})]

    def stands(self, session: Session, subject: str, state: State) -> None:
        """Nothing is changed by it."""

    def said(self, session: Session, subject: str, state: State, before: Standing) -> None:
        """Say nothing: the command answers."""
