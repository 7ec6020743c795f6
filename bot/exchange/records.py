"""What a team has set up, as records, and as YAML."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.base.calendar import Schedule
from briefs.errors import ConfigError
from briefs.ingest.readers import readers
from briefs.masking import masked
from briefs.models import Auth, Source
from briefs.yaml_file import WRONG_TAG

Model = TypeVar("Model", bound=BaseModel)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TopicRecord(_Record):
    """A topic; without platform and workspace it is one of the configuration."""

    name: str
    expression: str
    languages: list[str] = []
    platform: str | None = None
    workspace: str | None = None


def _is_schedule(text: str) -> str:
    Schedule.read(text, "UTC")
    return text


class SubscriptionRecord(_Record):
    """A channel's subscription. schedule: as `Schedule` writes it. stories, form: its own. language: the channel's."""

    platform: str
    workspace: str
    channel: str
    topic: str
    schedule: Annotated[str, AfterValidator(_is_schedule)]
    zone: str
    stories: Annotated[int, Field(ge=1, le=20)] | None = None
    form: Literal["compact", "full", "headlines"] | None = None
    paused: bool = False
    language: Literal["en", "fr", "zh"] | None = None


class SourceRecord(BaseModel):
    """A source, as sources.yaml has it; what may stand there is seen when it is tried."""

    model_config = ConfigDict(extra="allow", frozen=True)

    @classmethod
    def of(cls, source: Source) -> SourceRecord:
        """Make it from a source."""
        auth = _auth(source.auth) if source.auth else None
        told = {source.kind: source.address, "name": source.name, **source.more}
        told = {key: masked(value) if isinstance(value, str) else value for key, value in told.items()}
        told |= {"language": source.language, "auth": auth, "allow": list(source.allow) or None}
        return cls.model_validate(
            told | {"public": source.public or None, "section": source.section, "workspace": source.workspace}
        )

    @property
    def address(self) -> str:
        """Where it is."""
        extra = self.model_extra or {}
        return next((str(extra[kind]) for kind in readers() if extra.get(kind)), "")


def _auth(auth: Auth) -> dict[str, Any]:
    """Return it as sources.yaml has it."""
    if not auth.name:
        return {auth.kind: auth.secret}
    return {
        auth.kind: {"user": auth.name, "password": auth.secret} if auth.kind == "basic" else {auth.name: auth.secret}
    }


class Setup(_Record):
    """What a team has set up."""

    topics: list[TopicRecord] = []
    subscriptions: list[SubscriptionRecord] = []
    sources: list[SourceRecord] = []


def to_yaml(setup: Setup) -> str:
    """Write it as YAML."""
    return yaml.safe_dump(plain(setup), allow_unicode=True, sort_keys=False, width=120)


def from_yaml(text: str, name: str) -> Setup:
    """Read it from YAML. Raises ConfigError that names the file and what is wrong."""
    return as_yaml(text, name, Setup)


def as_yaml(text: str, name: str, model: type[Model]) -> Model:
    """Read a document of this kind from YAML, as `from_yaml` does."""
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, *WRONG_TAG) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ConfigError("{file}, line {line}: this is not YAML", file=name, line=line) from error
    try:
        return model.model_validate(found or {})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError("{file}: {key}: {problem}", file=name, key=key, problem=first["msg"]) from error


def plain(model: BaseModel) -> dict[str, Any]:
    """Return a record as it is written: without what nobody set."""
    return model.model_dump(exclude_none=True, exclude_defaults=True)
