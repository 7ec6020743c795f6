"""The forms of a subscription, new or not, of one that moves to another channel, and of what a channel has set."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot import present
from bot.base.calendar import Days, Schedule
from bot.base.form import Form, Option
from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands import saved, undo
from bot.commands.forms import Call, FieldError, Kind, Standing, State, one
from bot.commands.session import Session
from bot.commands.subscriptions import AT, give_language, schedule_of
from bot.grammar import (
    DAILY,
    NO_END,
    changed,
    complete_zone,
    local_date,
    parse_date,
    parse_days,
    parse_times,
    parse_zone,
)
from briefs.errors import UsageError
from briefs.store.channel_rows import StoredTopic, Subscription

OFFERED = 25
WEEK = timedelta(days=7)
_SET_BY = {"zone": "zone", "form": "form", "quotes": "number"}  # a command, and its parameter
RHYTHMS = ("1", "2", "3", "4", "first", "second", "third", "fourth", "last")  # weeks; of the month
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SubscriptionForm(Kind):
    """subject: the number of a subscription of the channel; or "t12", of a topic; or ""."""

    together = frozenset(("days", "rhythm"))

    def state(self, session: Session, subject: str) -> State:
        """Return the subscription as it stands, or what a new one begins with."""
        if subject.isdecimal():
            stands = subscription_of(session, subject)
            schedule = schedule_of(stands)
            return {
                "topic": (str(stands.topic.id),),
                "time": (", ".join(schedule.times),),
                "days": _named(schedule.days.bits),
                "rhythm": (_rhythm(schedule.days),),
                "until": (str(schedule.until),) if schedule.until else (),
                "zone": (stands.zone,),
                **_spoken(session),
                "form": (stands.form,) if stands.form else (),
                "stories": (str(stands.stories),) if stands.stories else (),
            }
        return {
            "topic": (subject[1:],) if subject else (),
            "channel": (session.channel.id,) if session.asked.reachable else (),
            "time": (AT,),
            "days": _named(DAILY),
            "rhythm": (RHYTHMS[0],),
            "until": (),
            "zone": (session.settings.zone or session.asked.zone or session.zone,),
            **_spoken(session),
            "form": (),
            "stories": (),
        }

    def typed(self, session: Session, arguments: Mapping[str, str]) -> State:
        """Return what was typed; what cannot be read is left to be typed again."""
        state: State = {name: (arguments[name],) for name in ("time", "zone", "until") if name in arguments}
        if "days" in arguments:
            days = _read_days(arguments["days"])
            state |= {"days": _named(days.bits), "rhythm": (_rhythm(days),)}
        if topic := session.channels.topic(session.channel, arguments.get("topic", "")):
            state["topic"] = (str(topic.id),)
        return state

    def form(self, session: Session, subject: str, state: State) -> Form:
        """Make the form; of a subscription that stands, neither topic nor channel can be changed."""
        topics = session.channels.topics(session.channel)
        chosen = next((topic for topic in topics if str(topic.id) == one(state, "topic")), None)
        stands = schedule_of(subscription_of(session, subject)) if subject.isdecimal() else None
        usual, places = self.state(session, subject), channels_of(session)
        if places == [] and not subject.isdecimal():
            raise UsageError("I am in no other channel that you manage: invite me into one first.")
        return present.subscription_form(
            session.messages,
            state,
            topics=_options(session, topics),
            chosen=_options(session, [chosen])[0] if chosen else None,
            zones=_zones(session, state),
            days=DAYS,
            rhythms=RHYTHMS,
            changes=subject.isdecimal(),
            typed=[name for name in usual if usual[name] != state[name]],
            live=self._live(session, chosen, state, stands) if chosen else (),
            choices=places,
        )

    def _live(self, session: Session, topic: StoredTopic, state: State, stands: Schedule | None) -> tuple[str, ...]:
        outlook = session.archive.outlook(session.wanted(topic), session.now - WEEK)
        lines = present.outlook_lines(len(outlook.first_seen), (), session.messages)
        try:
            schedule = self._schedule(session, state, stands)
            due = schedule.next(session.now)
        except UsageError:
            return lines  # its field will say so
        if due is None:
            return lines
        first = present.first_line(
            session.comes_at(due.at, schedule.zone), schedule.zone, session.now, session.messages
        )
        return (*lines, present.scheduled(schedule, session.messages), first)

    def _schedule(self, session: Session, state: State, stands: Schedule | None) -> Schedule:
        """Return when it would be due."""
        times, zone, until = parse_times(one(state, "time")), parse_zone(one(state, "zone")), one(state, "until")
        days, end = parse_days(_days(state)), parse_date(until, local_date(session.now, zone)) if until else NO_END
        return changed(stands or Schedule(times, zone), session.now, times=times, zone=zone, days=days, until=end)

    def offers(self, session: Session, field: str, typed: str) -> Sequence[Option]:
        """Return topics, or zones, whose names hold what is typed."""
        if field == "zone":
            return [Option(zone, zone) for zone in complete_zone(typed, OFFERED)]
        return offered(_options(session, session.channels.topics(session.channel)), typed)

    def calls(self, session: Session, subject: str, state: State) -> Sequence[Call]:
        """Return "subscribe", and "language" where another is chosen than the form showed."""
        topic = _topic(session, state)
        if not state["days"]:
            raise FieldError("days", t("Choose a day at least."))
        if len(state["days"]) == len(DAYS) and not one(state, "rhythm").isdecimal():
            raise FieldError("days", t("Choose the day that is meant: Monday, for the first Monday of the month."))
        named = ("time", "zone", "until", "form", "stories")
        arguments = {"topic": topic.name, "days": _days(state)} | {n: one(state, n) for n in named if one(state, n)}
        if subject.isdecimal() and self.state(session, subject)["until"] and "until" not in arguments:
            arguments["until"] = "no end"
        return [Call("subscribe", arguments), *spoken(session, state)]

    def stands(self, session: Session, subject: str, state: State) -> Standing:
        """Return the channel's subscription to the topic."""
        return undo.stands(session, "subscription", _topic(session, state).id)

    def said(self, session: Session, subject: str, state: State, before: Standing) -> Reply:
        """Say what the channel gets now, and when it comes first; the first one gives it the language that is shown."""
        topic = _topic(session, state)
        subscription = session.channels.subscription(session.channel, topic)
        if subscription is None:  # it was ended in this very moment
            raise UsageError("There is no topic “{topic}” any more.", topic=session.called(topic.name))
        language = one(state, "language")
        if spoken(session, state):
            given: str | None = language
        else:
            oldest = [one.id for one in session.channels.subscriptions(session.channel)][:1]
            is_first = before is None and oldest == [subscription.id]
            given = give_language(session, language) if is_first else None
        return saved.subscription(session, subscription, before, given)


class SettingsForm(Kind):
    """The form of what a channel has set."""

    def state(self, session: Session, subject: str) -> State:
        """Return what it has set."""
        looks = session.looks
        set_here = {**_spoken(session), "zone": (session.zone,)}
        return {**set_here, "form": (looks.form,), "quotes": (str(looks.wanted),)}

    def form(self, session: Session, subject: str, state: State) -> Form:
        """Make the form."""
        return present.settings_form(session.messages, state, place=session.here.name, zones=_zones(session, state))

    def offers(self, session: Session, field: str, typed: str) -> Sequence[Option]:
        """Return zones whose names hold what is typed."""
        return [Option(zone, zone) for zone in complete_zone(typed, OFFERED)]

    def calls(self, session: Session, subject: str, state: State) -> Sequence[Call]:
        """Return the commands for what is another than it was."""
        stands = self.state(session, subject)
        others = [name for name in _SET_BY if one(state, name) not in ("", one(stands, name))]
        calls = [Call(name, {_SET_BY[name]: one(state, name)}, {_SET_BY[name]: name}) for name in others]
        return [*spoken(session, state), *calls]

    def stands(self, session: Session, subject: str, state: State) -> Standing:
        """Return what the channel has set."""
        return undo.stands(session, "settings")

    def said(self, session: Session, subject: str, state: State, before: Standing) -> Reply:
        """Say what the channel has set now."""
        return saved.settings(session, before)


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
        """Return the channels that it can go to, where the platform does not offer them by itself."""
        if (there := channels_of(session)) is None:
            return None
        others = [one for one in there if one.value != session.channel.id]
        if not others:
            raise UsageError("I am in no other channel that you manage: invite me into one first.")
        return others

    def calls(self, session: Session, subject: str, state: State) -> Sequence[Call]:
        """Return "move"."""
        topic = subscription_of(session, subject).topic.name
        return [Call("move", {"topic": topic, "channel": one(state, "to")}, {"channel": "to"})]


def channels_of(session: Session) -> list[Option] | None:
    """Return the channels that the asker may subscribe, where the platform does not offer them by itself."""
    if session.asked.choices is None:
        return None
    return [Option(one.channel.id, one.name) for one in session.asked.choices if one.may_manage and one.reachable]


def subscription_of(session: Session, number: str) -> Subscription:
    """Return a subscription of this channel by its number. Raises UsageError where it has none of that number."""
    listed = session.channels.subscriptions(session.channel)
    found = next((one for one in listed if str(one.id) == number), None)
    if found is None:
        raise UsageError("That subscription has ended.", hints=("list",))
    return found


def offered(options: Sequence[Option], typed: str) -> list[Option]:
    """Return the options that hold a typed text, those that begin with it first."""
    wanted = typed.casefold()
    held = [option for option in options if wanted in option.label.casefold()]
    return sorted(held, key=lambda option: not option.label.casefold().startswith(wanted))[:OFFERED]


def spoken(session: Session, state: State) -> list[Call]:
    """Return the command that chooses the channel's language, where another is chosen than was shown and than it has.

    One that was left as it was shown is no choice: somebody may have chosen another meanwhile, or the form may be for
    another channel by now.
    """
    code = one(state, "language")
    is_left = code in ("", one(state, "shown language"), session.chosen_language)
    return [] if is_left else [Call("language", {"language": code})]


def _spoken(session: Session) -> State:
    """Return what the channel is spoken to in; where it gets nothing yet, what its first subscriber gives it."""
    gets = session.chosen_language or session.channels.subscriptions(session.channel)
    language = (session.channel_language if gets else session.messages.language,)
    return {"language": language, "shown language": language}


def _topic(session: Session, state: State) -> StoredTopic:
    number = one(state, "topic")
    found = next((topic for topic in session.channels.topics(session.channel) if str(topic.id) == number), None)
    if found is None:
        raise FieldError("topic", t("Choose a topic."))
    return found


def _options(session: Session, topics: Sequence[StoredTopic]) -> list[Option]:
    return [Option(str(topic.id), session.called(topic.name)) for topic in topics]


def _zones(session: Session, state: State) -> list[str]:
    """Return the zones that are likely, without any search."""
    near = (one(state, "zone"), session.asked.zone, session.settings.zone, session.services.config.settings.zone, "UTC")
    return list(dict.fromkeys(zone for zone in near if zone))


def _named(days: int) -> tuple[str, ...]:
    return tuple(name for day, name in enumerate(DAYS) if days >> day & 1)


def _read_days(text: str) -> Days:
    try:
        return parse_days(text)
    except UsageError:
        return Days(DAILY)


def _days(state: State) -> str:
    """Write the days and their rhythm as people type them: "mon,thu every 2 weeks", "first mon"."""
    days, rhythm = ",".join(state["days"]), one(state, "rhythm")
    if not rhythm.isdecimal():
        return f"{rhythm} {days}"
    return days if rhythm == RHYTHMS[0] else f"{days} every {rhythm} weeks"


def _rhythm(days: Days) -> str:
    return ",".join(_NTH[number] for number in days.nth) if days.nth else str(days.weeks)
