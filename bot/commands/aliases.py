"""Names of the same thing: alias add/list/remove."""

import re

from bot import present
from bot.base.reply import Reply
from bot.commands.session import Session
from briefs.errors import UsageError

LONGEST = 80  # characters of a name
MOST = 20  # names of one thing
GROUPS = 500  # of one workspace

_SIGN = re.compile(r"\s*[=＝]\s*")
_QUOTES = '"“”«»「」 '


def add(session: Session, names: str) -> Reply:
    """Add names of the same thing for this workspace: "Tencent = 腾讯 = 騰訊"."""
    given = list(dict.fromkeys(filter(None, (name.strip(_QUOTES) for name in _SIGN.split(names)))))
    if len(given) < 2:
        raise UsageError(
            "Write at least two names with = between them: {command} alias add Tencent = 腾讯", command=session.command
        )
    for name in given:
        if len(name) > LONGEST or not any(character.isalnum() for character in name):
            raise UsageError(
                "“{word}” cannot be a name: it has no letter, or more than {limit}.", word=name, limit=LONGEST
            )
    if len(given) > MOST or len(session.aliases.of(session.channel)) >= GROUPS:
        raise UsageError("That is too many: {most} names of one thing, {groups} things.", most=MOST, groups=GROUPS)
    group = session.aliases.add(
        session.channel, given, session.asked.user, session.now, most=MOST, check=session.check_change
    )
    return session.note("From now on these are one: {names}.", names=" = ".join(group))


def listed(session: Session, start: int = 0) -> Reply:
    """List the names that mean the same, ten from a start on: this workspace's own, then the configuration's."""
    own = session.aliases.of(session.channel)
    return present.aliases(own, session.services.archive.aliases.groups, session.messages, start)


def remove(session: Session, name: str) -> Reply:
    """Part names that this workspace had joined."""
    group = session.aliases.remove(session.channel, name.strip(_QUOTES), session.check_change)
    if group is None:
        raise UsageError("This workspace has not joined “{word}” to any name.", word=name, hints=("names",))
    return session.note("No longer one: {names}.", names=" = ".join(group))
