"""A YAML file that is read strictly: what is wrong in it is one line that names file, line and key."""

import difflib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from briefs.errors import ConfigError, UsageError

_Place = tuple[int | str, ...]  # the way to a value: keys, and positions in lists from 0
_Model = TypeVar("_Model", bound=BaseModel)
_Made = TypeVar("_Made")


_NUMBER, _DIGITS = "tag:yaml.org,2002:int", 100
# What a value raises that is not what its tag says: `!!bool x`, `!!timestamp x`.
WRONG_TAG = (ValueError, KeyError, AttributeError, TypeError, OverflowError)


class YamlFile:
    """One file; empty of keys where it does not exist."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self._path = path
        self._node: yaml.Node | None = None
        self._data: dict[Any, Any] = {}
        text = self._text()
        if text is not None:
            self._parse(text)

    def _text(self) -> str | None:
        try:
            text = self._path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise ConfigError("{file}: this is not UTF-8 text.", file=str(self._path)) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ConfigError("{file}: cannot be read: {reason}.", file=str(self._path), reason=reason) from error
        if not text.strip():
            raise ConfigError("{file}: the file is empty; fill it or delete it.", file=str(self._path))
        return text

    def _parse(self, text: str) -> None:
        try:
            loader = yaml.SafeLoader(text)
            self._node = loader.get_single_node()
            data = loader.construct_document(self._node) if self._node else None
        except RecursionError as error:
            raise ConfigError("{file}: this is not valid YAML: nested too deeply.", file=str(self._path)) from error
        except (yaml.YAMLError, *WRONG_TAG) as error:
            raise self._not_yaml(error) from error
        if data is not None and not isinstance(data, dict):
            example = {"settings": "zone: Europe/Paris"}.get(self._path.stem, f"{self._path.stem}:")
            raise self.wrong((), f"must begin with a key, such as “{example}”")
        self._refuse(self._node, ())
        # "topics:" with every entry commented out is a file without topics.
        self._data = {key: value for key, value in (data or {}).items() if value is not None}

    def _not_yaml(self, error: Exception) -> ConfigError:
        mark = getattr(error, "problem_mark", None)
        unsaid = "a value is not what its tag says" if isinstance(error, WRONG_TAG) else "unreadable"
        problem = " ".join(str(getattr(error, "problem", None) or getattr(error, "reason", unsaid)).split())
        return ConfigError(
            "{file}, line {line}: this is not valid YAML: {problem}.",
            file=str(self._path),
            line=mark.line + 1 if mark else 1,
            problem=problem,
        )

    def _refuse(self, node: yaml.Node | None, place: _Place) -> None:
        """Refuse what YAML takes and nobody means: a key that stands twice, a number that Python does not write."""
        if isinstance(node, yaml.SequenceNode):
            for n, value in enumerate(node.value):
                self._refuse(value, (*place, n))
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                self._refuse(key, place)
                if key.value in seen:
                    raise self.wrong((*place, key.value), "stands here twice", line=key.start_mark.line + 1)
                seen.add(key.value)
                self._refuse(value, (*place, key.value))
        elif isinstance(node, yaml.ScalarNode) and node.tag == _NUMBER and len(node.value) > _DIGITS:
            raise self.wrong(place, "is a number of too many digits")

    def read(self, model: type[_Model]) -> _Model:
        """Check what the file holds against a model; its folder is the context."""
        try:
            return model.model_validate(self._data, context=self.folder)
        except ValidationError as error:
            first = error.errors()[0]
            raise self.wrong(first["loc"], _said(first, model)) from error

    def made(self, make: Callable[[], _Made], *place: int | str) -> _Made:
        """Call `make`; what it finds wrong is wrong at `place`."""
        try:
            return make()
        except UsageError as error:
            raise self.wrong(place, f"is wrong: {error}".rstrip(".")) from error

    def wrong(self, place: _Place, problem: str, line: int | None = None) -> ConfigError:
        """Make the error; problem: continues a sentence that begins with the key."""
        return ConfigError(
            "{file}, line {line}: “{key}” {problem}",
            file=str(self._path),
            line=line or self._line(place),
            key=_dotted(place) or self._path.stem,
            problem=problem if problem.endswith("?") else f"{problem}.",
        )

    def _line(self, place: _Place) -> int:
        """Find the line of the key or entry at `place`, or of the nearest thing around it that is there."""
        node, line = self._node, 1
        for step in place:
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if found is None:
                    break
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
        return line


def _dotted(place: _Place) -> str:
    """Name a place as people count: topics[2].name is the name of the second topic."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


_EXPECTED = {
    "string_type": "text (put it between quotation marks)",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "string_pattern_mismatch": "lower-case letters, digits, - and _, beginning with a letter",
}


def _said(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Word one of pydantic's errors so that it follows the key."""
    kind, found, details = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys_at(model, error["loc"][:-1])
        key, field = str(error["loc"][-1]), error["loc"][:-1]
        inside = next((name for name in known if key in _keys_at(model, (*field, name, 0))), None)
        others = f"; it stands with each entry of {inside}" if inside else f"; known are {', '.join(known)}"
        return "is not known here" + (nearest(key, known) or others)
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(details["error"])
    if kind == "literal_error":
        return f"must be {details['expected']}, not {_shown(found)}"
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = f"at least {details['ge']}" if "ge" in details else f"at most {details['le']}"
        return f"must be {limit}, not {_shown(found)}"
    if kind == "string_too_short":
        return "must not be empty"
    if kind == "too_short":
        return f"needs at least {details['min_length']} entries"
    if kind in _EXPECTED:
        return f"must be {_EXPECTED[kind]}, not {_shown(found)}"
    return f"is wrong: {error['msg']}"


def _shown(found: object) -> str:
    if found is None:
        return "empty"
    if isinstance(found, dict | list):
        return "keys with values" if isinstance(found, dict) else "a list"
    text = str(found).lower() if isinstance(found, bool) else str(found)
    return f"“{text[:60]}”"


def _keys_at(model: type[BaseModel], place: _Place) -> list[str]:
    """List the keys that may stand at a place of a model."""
    kind: Any = model
    for step in place:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(step, str):
            kind = kind.model_fields[step].annotation
        kind = next((part for part in get_args(kind) if isinstance(part, type)), kind)
    return sorted(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def nearest(found: str, known: Iterable[str]) -> str:
    """Ask whether the likest known word was meant; nothing where none is like it."""
    near = difflib.get_close_matches(found, known, n=1, cutoff=0.6)
    return f"; did you mean “{near[0]}”?" if near else ""
