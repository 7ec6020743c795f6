"""What can go wrong, as one tree.

    BriefsError
    ├── UsageError          the asker's words cannot be understood: an unknown topic, a bad time, an empty query
    ├── ConfigError         a configuration file is wrong; names file, line and key
    ├── StoreError          the database cannot do its work
    │   ├── DatabaseNewer   it was made by a newer version of this program
    │   ├── DatabaseBusy    another process holds it locked; try again
    │   └── IndexAway       the articles' index, which is not in it, cannot be asked
    └── SourceError         one source or document cannot be read; names its address
        ├── Refused         we will not read it: too large, too slow to parse
        │   └── Unasked     we will not even ask for it: a forbidden address, a password that is not there
        ├── Unreachable     it is not to be had: an HTTP status
        │   ├── NoAnswer    nothing came from its host: DNS, connection, time-out
        │   ├── Gone        it is no more, says its server (410)
        │   ├── Locked      it wants a password (401)
        │   ├── Blocked     it is shown to others, not to us (403), or to browsers alone
        │   └── Busy        it wants us to come back later (429, 503)
        └── Unreadable      an answer without a usable text: wrong format, empty, no text in a PDF

Every message is one line for the person who reads it: what is wrong and what to do. It is kept as an English template
and its values apart, so that the chat side can say it in the reader's language: the template is the key of the
message catalogue.
"""

from briefs.masking import masked


class BriefsError(Exception):
    """The root of the tree; `str()` gives the English line.

    template: a `str.format` template, literal in the source so that the catalogues can be checked against it.
    values: what fills it; addresses in it lose their secrets.
    """

    def __init__(self, template: str, **values: object) -> None:
        said = {name: masked(value) if isinstance(value, str) else value for name, value in values.items()}
        super().__init__(template.format(**said))
        self.template = template
        self.values = said

    def plain(self) -> dict[str, object]:
        """Return template and values as JSON can hold them, to be said in whatever language later."""
        values = {name: said if isinstance(said, int | float) else str(said) for name, said in self.values.items()}
        return {"template": self.template, "values": values}

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the values when an error crosses from a worker process."""
        return (_rebuild, (type(self), self.template, self.values))


def _rebuild(kind: type[BriefsError], template: str, values: dict[str, object]) -> BriefsError:
    return kind(template, **values)


class UsageError(BriefsError):
    """The asker's words cannot be understood."""


class ConfigError(BriefsError):
    """A configuration file is wrong."""


class StoreError(BriefsError):
    """The database cannot do its work."""


class DatabaseNewer(StoreError):
    """The database was made by a newer version of this program."""


class DatabaseBusy(StoreError):
    """Another process holds the database locked."""


class IndexAway(StoreError):
    """The articles' index, which is outside the database, does not do its work; the database has all that it has."""


class SourceError(BriefsError):
    """One source or document cannot be read."""


class Refused(SourceError):
    """We will not ask for it, or stopped reading it."""


class Unasked(Refused):
    """We will not even ask for it."""


class Unreachable(SourceError):
    """It is not to be had."""


class NoAnswer(Unreachable):
    """Nothing came from its host."""


class Gone(Unreachable):
    """It is no more; `values["hops"]` has how many redirects lead there."""


class Locked(Unreachable):
    """It wants a password."""


class Blocked(Unreachable):
    """It is not shown to us."""


class Busy(Unreachable):
    """It wants us to come back later; `values["wait"]` has the seconds, where it says how many."""


class Unreadable(SourceError):
    """The answer has no usable text."""
