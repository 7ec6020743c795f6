"""Who changed what of this workspace: audit."""

from __future__ import annotations

from bot import present
from bot.base.reply import Reply
from bot.commands.session import Session
from briefs.errors import UsageError
from briefs.store.audit import KEPT, Audit


def audit(session: Session, before: int = 0) -> Reply:
    """Show what was changed in this workspace, ten from the newest, or from the one before a change, on."""
    if not session.asked.manages_workspace:
        raise UsageError(
            "What was changed is for {managers} to see; ask one of them.",
            managers=session.messages.say(session.asked.managers),
        )
    kept = Audit(session.services.archive.database)
    changes = kept.of(session.channel, present.CHANGES_LISTED + 1, before or None)
    return present.audit(changes, session.messages, session.zone, session.now, kept=KEPT, later=bool(before))
