"""What a run of gathering has brought: counted as it goes, told at its end."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from briefs.errors import BriefsError
from briefs.masking import masked

Outcome = Literal["new", "changed", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A source or document that could not be read, and why."""

    address: str
    error: BriefsError


@dataclass(frozen=True, slots=True)
class Step:
    """One document dealt with; done: how many so far in this run."""

    done: int
    address: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Report:
    """What a run brought: counts of documents. sources: how many were asked; seconds: how long it took.

    recovered: the addresses of sources that answer again.
    """

    sources: int
    new: int
    changed: int
    unchanged: int
    refused: tuple[Refusal, ...]
    seconds: float
    recovered: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the same as plain data, errors as their English line."""
        counts = {field: getattr(self, field) for field in ("sources", "new", "changed", "unchanged")}
        refused = [{"address": refusal.address, "error": str(refusal.error)} for refusal in self.refused]
        counts["recovered"] = list(self.recovered)
        return {**counts, "refused": refused, "took_ms": round(self.seconds * 1000, 1)}


@dataclass(slots=True)
class Tally:
    """What became of the documents of one source: counts by outcome, and the last reason for a refusal."""

    counts: Counter[str]
    error: BriefsError | None = None


class Outcomes:
    """What has become of the documents of a run so far. progress: told of each."""

    def __init__(self, progress: Callable[[Step], None]) -> None:
        self.tallies: defaultdict[str, Tally] = defaultdict(lambda: Tally(Counter()))
        self._progress = progress
        self._counts: Counter[Outcome] = Counter()
        self._refused: list[Refusal] = []

    def count(self, outcome: Outcome, address: str, of: str) -> None:
        """Note what became of the document at an address; of: the address of its source."""
        self._counts[outcome] += 1
        self.tallies[of].counts[outcome] += 1
        self._progress(Step(self._counts.total(), masked(address), outcome))

    def refuse(self, address: str, error: BriefsError, of: str) -> None:
        """Note why a document, or a source, could not be read."""
        self._refused.append(Refusal(masked(address), error))
        self.tallies[of].error = error
        self.count("refused", address, of)

    def report(self, sources: int, seconds: float, recovered: Iterable[str]) -> Report:
        """Tell all of it. sources: that were asked; seconds: that it took; recovered: who answer again."""
        return Report(
            sources=sources,
            new=self._counts["new"],
            changed=self._counts["changed"],
            unchanged=self._counts["unchanged"],
            refused=tuple(self._refused),
            seconds=seconds,
            recovered=tuple(map(masked, recovered)),
        )
