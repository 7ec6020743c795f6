"""What was shown in a channel, with its content read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot import present
from bot.commands.session import Session
from briefs.errors import UsageError
from briefs.store.answers import StoredContent


@dataclass(frozen=True, slots=True)
class Shown:
    """A look-up or a digest that was shown. id: of an answer, unguessable; of a digest, its run."""

    id: str
    content: present.ShownLookUp | present.ShownDigest
    shown_at: datetime

    @classmethod
    def of(cls, stored: StoredContent) -> Shown:
        """Read what was kept."""
        return cls(stored.id, present.from_json(stored.content), stored.shown_at)

    @property
    def subject(self) -> str:
        """What it is on: the words of a look-up, the name of a digest's topic."""
        if isinstance(self.content, present.ShownLookUp):
            return self.content.typed or self.content.query
        return self.content.topic


def shown_as(session: Session, reference: str) -> Shown | None:
    """Find what was shown: the answer of this id, the asker's own or public, or the channel's digest of this run."""
    own = session.answers.answer(session.channel, session.asked.user, reference)
    shown = own or session.answers.digest(session.channel, reference)
    return Shown.of(shown) if shown else None


def gone(session: Session) -> UsageError:
    """Say that what a button belongs to is kept no more, or is somebody else's alone."""
    return UsageError("I no longer have that answer; look it up again.", hints=("look up",))
