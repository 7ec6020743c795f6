"""Who changed what of a workspace → Reply."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.base.calendar import Schedule
from bot.base.i18n import Messages, t
from bot.base.looks import FORMS
from bot.base.reply import LINE_END, Button, Buttons, Footer, Heading, Line, Listing, Reply, Span
from bot.present.parts import PAGE, note, reply
from bot.present.schedules import scheduled
from bot.present.understood import looked_for
from briefs.store.audit import AuditEntry

LISTED = PAGE

# What each change is called; its values are those that the store notes with it.
_SAID = {
    "topic.add": t("Topic “{topic}” added: {words}"),
    "topic.edit": t("Topic “{topic}” changed: {words} (it was: {was})"),
    "topic.rename": t("Topic “{was}” renamed to “{topic}”"),
    "topic.remove": t("Topic “{topic}” removed: {words}"),
    "alias.add": t("Names joined: {names}"),
    "alias.remove": t("Names parted: {names}"),
    "subscription.add": t("“{topic}” subscribed: {when}"),
    "subscription.change": t("Subscription to “{topic}” changed: {when}"),
    "subscription.end": t("Subscription to “{topic}” ended"),
    "subscription.pause": t("“{topic}” paused"),
    "subscription.resume": t("“{topic}” resumed"),
    "subscription.snooze": t("“{topic}” snoozed until {until}"),
    "subscription.move": t("“{topic}” moved to {to}"),
    "source.follow": t("Source “{source}” followed"),
    "source.unfollow": t("Source “{source}” no longer followed"),
    "source.import": t("{count} sources followed together: {called}"),
    "source.undo": t("{count} sources no longer followed: {called}"),
    "source.rename": t("Source “{source}” renamed to “{name}”"),
    "source.mute": t("Source “{source}” muted"),
    "source.unmute": t("Source “{source}” shown again"),
    "source.move": t("Source “{source}” read at another address: {address}"),
}
# Which of these are expressions of the topic language.
_EXPRESSIONS = {"topic.add": ("words",), "topic.edit": ("words", "was"), "topic.remove": ("words",)}
_SETTINGS = {
    "language": t("Language: {value}"),
    "zone": t("Time zone: {value}"),
    "form": t("Form of stories: {value}"),
    "quotes": t("Quotes of a story: {value}"),
}
_NOTHING = t("Nothing has been changed here in the last {days} days.")
_KEPT = t("Only those who manage this workspace see this; changes are kept for {days} days.")


def audit(
    changes: Sequence[AuditEntry], messages: Messages, zone: str, now: datetime, *, kept: timedelta, later: bool
) -> Reply:
    """List changes, newest first, with buttons to those before. later: whether there are newer ones than these."""
    if not changes:
        return note(messages.say(_NOTHING, days=kept.days), messages)
    shown, turns = changes[:LISTED], []
    if later:
        turns.append(Button("page", messages.say("Newest"), "audit:0"))
    if len(changes) > LISTED:
        turns.append(Button("page", messages.say("Older"), f"audit:{shown[-1].id}"))
    return reply(
        messages,
        Heading(messages.say("What was changed here")),
        Listing(tuple(_line(change, messages, zone, now) for change in shown)),
        Buttons(tuple(turns)) if turns else None,
        Footer((Span(messages.say(_KEPT, days=kept.days)),)),
    )


def _line(change: AuditEntry, messages: Messages, zone: str, now: datetime) -> Line:
    who, where = change.detail.get("who", "?"), change.detail.get("where", "?")
    by = messages.say("{who}, {where} · {when}", who=who, where=where, when=messages.when(change.at, zone, now))
    return (Span(_said(change, messages, zone, now)), LINE_END, Span(by))


def _said(change: AuditEntry, messages: Messages, zone: str, now: datetime) -> str:
    detail = dict(change.detail)
    if change.what == "channel.settings":
        return messages.listing(
            messages.say(_SETTINGS[name], value=_value(name, detail[name], messages))
            for name in _SETTINGS
            if name in detail
        )
    for name in _EXPRESSIONS.get(change.what, ()):
        detail[name] = looked_for(detail[name], messages)
    if "names" in detail:
        detail["names"] = " = ".join(detail["names"])
    if "schedule" in detail:
        detail["when"] = scheduled(Schedule.read(detail["schedule"], detail["zone"]), messages)
    if "until" in detail:
        until = detail["until"]
        detail["until"] = messages.when(datetime.fromtimestamp(until / 1000, UTC), zone, now) if until else "?"
    if template := _SAID.get(change.what):
        return messages.say(template, **detail)
    return change.what  # of a newer version than this one


def _value(name: str, value: object, messages: Messages) -> str:
    if value is None:
        return messages.say("as usual")
    if name == "form":
        return messages.say(next((said for form, said in FORMS.items() if form == value), str(value)))
    return messages.language_name(str(value)) if name == "language" else str(value)
