"""A cluster of OpenSearch: where it is, what the articles' index is made of, and what it says when it cannot answer.

    https://user:password@host:9200,other:9200/articles?ca_certs=/etc/ssl/ours.pem       or  …?api_key=…

The last part of the address is an alias, which is what is asked. Behind it is a build, in parts of `ROWS` rows:
articles-v1-0, articles-v1-1 … Another build is made beside it, articles-v2-…, and the alias moved in one step.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple, TypeVar

from briefs.errors import ConfigError, IndexAway
from briefs.index.cluster_address import read_address
from briefs.masking import masked
from briefs.text.packed import TITLE

log = logging.getLogger(__name__)

INDEX_VARIABLE = "BRIEFBOT_INDEX"
SECONDS = 2.0  # for all that one look-up asks, of however many nodes one after the other
_PATIENCE = 30.0  # seconds for one that nobody waits for
_AT_ONCE = 16  # connections
_TRIES = 2  # nodes that are asked where one lacks what it was given
_REST = 5.0  # seconds that nobody waits again for a cluster that has just not answered
_VERIFIED = 60.0  # seconds that the alias is taken to name the same
_FIRST = 1e9  # as a score: greater than any
_PAGE = 10_000  # rows, as many as OpenSearch gives at once
ROWS = 5_000_000  # of a part: some 25 GB
SCHEMA = 1  # rises when the fields below change: an index of another one has to be built anew
_SETTINGS = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",  # a copy of each part, where there is another node for it
    "refresh_interval": "1s",  # said so, it goes on where nobody asks for a while
    # As `search.bm25` has them. The terms are those that the analyser made.
    "similarity": {"default": {"type": "BM25", "k1": 1.2, "b": 0.65}},
    "analysis": {"analyzer": {"default": {"type": "custom", "tokenizer": "whitespace"}}},
}
_FIELDS = {
    "row": {"type": "long"},
    "title": {"type": "text", "norms": False},
    "text": {"type": "text"},  # the title's terms TITLE times: as `packed.Candidate.count` counts
    "language": {"type": "keyword"},
    "source": {"type": "keyword"},
    "published_at": {"type": "long"},
    "seen_at": {"type": "long"},
    "brought_by": {"type": "long"},  # the sources that say who sees it; none where all do
}
Given = TypeVar("Given")


class IndexDocument(NamedTuple):
    """What the index has of an article; None in place of it: that it is gone. version: rises when it changes."""

    row: int
    version: int
    fields: Mapping[str, Any] | None


def fields_of(article: Mapping[str, Any], sources: Sequence[int]) -> dict[str, Any]:
    """Return what the index has of an article, by its columns. sources: the numbers of those that brought it."""
    plain = {name: article[name] for name in ("row", "language", "source", "published_at", "seen_at")}
    title, body = article["title_terms"], article["body_terms"]
    # Values of one field are far apart: no sequence of terms goes from one into the next.
    return plain | {"title": title, "text": [*[title] * TITLE, body], "brought_by": sources}


class Cluster:
    """One alias of a cluster. Usable from several threads. Each method raises IndexAway, one line, where it fails.

    clock: seconds, rising.
    """

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        if find_spec("opensearchpy") is None:
            raise ConfigError("an index on OpenSearch needs the package opensearch-py: install briefbot[opensearch]")
        self.address = masked(address)
        self.alias, hosts, options = read_address(address)
        from opensearchpy import OpenSearch  # slow to import, and few have one

        logging.getLogger("opensearch").setLevel(logging.CRITICAL)  # what it says, we say in one line
        # One more host is asked where one refuses or is silent, which then rests; who waits has waited long enough.
        self._clock = clock
        self._hosts = min(len(hosts), 2)
        options |= {"max_retries": self._hosts - 1, "retry_on_timeout": True, "pool_maxsize": _AT_ONCE}
        self._client = OpenSearch(hosts, timeout=SECONDS / self._hosts, **options)
        self._patient = OpenSearch(hosts, timeout=_PATIENCE, **options)
        self._rests: tuple[float, IndexAway | None] = (0.0, None)
        self._verified: tuple[float, str, str] = (0.0, "", "")

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()
        self._patient.close()

    # ------------------------------------------------------------ what is asked

    def until(self) -> float:
        """Return by when a look-up that begins now has to have its answers."""
        return self._clock() + SECONDS

    def search(
        self,
        query: Mapping[str, Any],
        order: Sequence[Any],
        limit: int,
        until: float,
        *,
        behind: int | None = None,
        having: int = 0,
    ) -> list[int]:
        """Return the rows of articles that fit a query, in this order. behind: what stands behind this in the order.

        having: a row that the index was given, greater than any that is wanted. A node that slept, or is cut off,
        answers for a while without what came in meanwhile, and does not know it: where it lacks this row, another one
        is asked. What stands behind another has been there for longer.
        """
        if behind is not None or not having:
            return self._page(query, order, limit, until, behind)
        return self._believed(lambda: self._page(_or_row(having, query), order, limit + 1, until), having)

    def every(self, query: Mapping[str, Any], until: float, *, having: int = 0) -> list[int]:
        """Return the rows of all articles that fit a query, rising. having: as in `search`.

        Pages behind the first take longer than `until` where they have to: there are many articles.
        """
        if not having:
            return self._pages(query, until)
        return self._believed(lambda: self._pages(_or_row(having, query), until), having)

    def _believed(self, ask: Callable[[], list[int]], having: int) -> list[int]:
        for _ in range(_TRIES):  # each time it is another node's turn
            rows = ask()
            if having in rows:
                return [row for row in rows if row != having]
        lacking = IndexAway(
            "{address} lacks articles that it was given, as a node does that was cut off: if it stays so, say briefbot "
            "reindex",
            address=self.address,
        )
        self._rests = self._clock() + _REST, lacking
        raise lacking

    def _pages(self, query: Mapping[str, Any], until: float) -> list[int]:
        rows = page = self._page(query, [{"row": "asc"}], _PAGE, until)
        while len(page) == _PAGE:
            page = self._page(query, [{"row": "asc"}], _PAGE, self.until(), page[-1])
            rows = [*rows, *page]
        return rows

    def _page(
        self, query: Mapping[str, Any], order: Sequence[Any], limit: int, until: float, behind: int | None = None
    ) -> list[int]:
        body: dict[str, Any] = {
            "query": query,
            "sort": order,
            "size": limit,
            "track_total_hits": False,
            "_source": False,
            "stored_fields": "_none_",
            "docvalue_fields": ["row"],
        }
        if behind is not None:
            body["search_after"] = [behind]
        options = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": "false"}
        found = self._asked(
            lambda seconds: self._client.search(index=self.alias, body=body, params=options, request_timeout=seconds),
            until,
        )
        return [hit["fields"]["row"][0] for hit in found["hits"]["hits"]]

    def verify(self, name: str, key: str, until: float) -> None:
        """Do as `look`, once a minute, for those who wait."""
        good, *known = self._verified
        if known != [name, key] or self._clock() >= good:
            self._asked(lambda seconds: self.look(name, key, seconds), until)
            self._verified = self._clock() + _VERIFIED, name, key

    def look(self, name: str, key: str, seconds: float | None = None) -> None:
        """Raise IndexAway where the alias does not name this build. seconds: for each node that is asked."""
        if not name:
            raise IndexAway("{address} has nothing of this database yet: say briefbot reindex", address=self.address)
        if self.serving(seconds) != (name, key):
            raise IndexAway("{address} is of another database: say briefbot reindex", address=self.address)

    def serving(self, seconds: float | None = None) -> tuple[str, str]:
        """Return name and key of the build that the alias names."""
        known = {"local": "true"}  # as the node that is asked knows it: the one that leads may be gone
        asked = self._client.indices.get_mapping
        found: dict[str, Any] = self._done(lambda: asked(index=self.alias, params=known, request_timeout=seconds))
        about = {str(part["mappings"].get("_meta", {}).get("briefbot")): name for name, part in found.items()}
        meta = next(iter(found.values()))["mappings"].get("_meta", {}).get("briefbot", {})
        if len(about) != 1 or meta.get("schema") != SCHEMA:
            raise IndexAway(
                "{address} was made by another version of Briefbot, or by another program: say briefbot reindex",
                address=self.address,
            )
        return next(iter(found)).rpartition("-")[0], meta["key"]

    def takes_more(self, name: str) -> None:
        """Raise IndexAway where a build takes nothing more: a cluster forbids it where its disks are full."""
        found: dict[str, Any] = self._done(lambda: self._client.indices.get_settings(index=f"{name}-*"))
        blocks = (part["settings"]["index"].get("blocks", {}) for part in found.values())
        if any("true" in block.values() for block in blocks):
            raise self._said(403, "cluster_block", "")

    def count(self, name: str) -> int:
        """Count the articles that a build has."""
        return int(self._done(lambda: self._client.count(index=f"{name}-*"))["count"])

    # ------------------------------------------------------------ what is changed

    def free_name(self) -> str:
        """Return a name for another build."""
        numbers = (int(name.rpartition("-v")[2]) for name in self._parts())
        return f"{self.alias}-v{max(numbers, default=0) + 1}"

    def _parts(self) -> dict[str, list[str]]:
        """Return the parts that there are, of each build."""
        found: dict[str, Any] = self._done(lambda: self._patient.indices.get(index=f"{self.alias}-v*"))
        ours = re.compile(rf"({re.escape(self.alias)}-v\d+)-\d+")
        parts: dict[str, list[str]] = {}
        for index, about in found.items():
            if (match := ours.fullmatch(index)) and "briefbot" in about["mappings"].get("_meta", {}):
                parts.setdefault(match[1], []).append(index)
        return parts

    def send(self, name: str, key: str, documents: Sequence[IndexDocument], *, serves: bool) -> None:
        """Let a build have documents. What it has in a newer version stays.

        serves: whether the alias names it; then they are found when this returns.
        """
        there = self._numbers(name)
        for part in sorted({one.row // ROWS for one in documents if one.fields} - there):
            if serves and part < max(there, default=part + 1):  # it is gone: what was in it as well
                raise self._said(404, "", "")
            self.make_part(name, key, part, serves=serves)
            there.add(part)
        lines: list[Mapping[str, Any]] = []
        for one in documents:
            at: dict[str, Any] = {"_index": f"{name}-{one.row // ROWS}", "_id": str(one.row)}
            at |= {"version": one.version, "version_type": "external_gte"}
            if one.fields:
                lines += [{"index": at}, one.fields]
            elif one.row // ROWS in there:
                lines.append({"delete": at})
        if not lines:
            return
        refresh = "true" if serves else "false"
        answer = self._done(lambda: self._patient.bulk(body=lines, params={"refresh": refresh}))
        if answer["errors"]:
            refused = self._refused(item for entry in answer["items"] for item in entry.values())
            # Their rows alone are taken: a node is asked for the last row to see whether it has all.
            alone = [one._replace(fields={"row": one.row}) for one in documents if one.row in refused]
            if alone == documents:
                raise self._said(400, "", "")
            self.send(name, key, alone, serves=serves)

    def _numbers(self, name: str) -> set[int]:
        return {int(index.rpartition("-")[2]) for index in self._parts().get(name, ())}

    def make_part(self, name: str, key: str, part: int, *, serves: bool) -> None:
        """Make a part of a build."""
        meta = {"briefbot": {"schema": SCHEMA, "key": key}}
        mappings = {"dynamic": "strict", "_source": {"enabled": False}, "_meta": meta, "properties": _FIELDS}
        body: dict[str, Any] = {"settings": {"index": _SETTINGS}, "mappings": mappings}
        if serves:
            body["aliases"] = {self.alias: {}}
        self._done(lambda: self._patient.indices.create(index=f"{name}-{part}", body=body))

    def let_serve(self, name: str) -> None:
        """Move the alias to a build, in one step; all that it has is found then."""
        self._done(lambda: self._patient.indices.refresh(index=f"{name}-*"))
        parts = self._parts()
        actions: list[dict[str, Any]] = [{"add": {"index": one, "alias": self.alias}} for one in parts.pop(name)]
        others = [one for other in parts.values() for one in other]
        actions += [{"remove": {"index": one, "alias": self.alias, "must_exist": False}} for one in others]
        self._done(lambda: self._patient.indices.update_aliases(body={"actions": actions}))

    def keep_only(self, name: str) -> None:
        """Drop the other builds."""
        parts = self._parts()
        others = [one for other in parts.keys() - {name} for one in parts[other]]
        if others:
            self._done(lambda: self._patient.indices.delete(index=",".join(others)))

    # ------------------------------------------------------------ what goes wrong

    def _refused(self, items: Iterable[Mapping[str, Any]]) -> set[int]:
        """Return the rows that are not taken and never will be. Raises IndexAway where one has to be sent again."""
        refused = set[int]()
        for item in items:
            problem = item.get("error")
            if problem is None or item["status"] == 409:  # it has a newer one
                continue
            if item["status"] == 400:  # no second try would make it better
                log.error("%s: article %s is not taken: %s", self.address, item["_id"], problem.get("reason"))
                refused.add(int(item["_id"]))
                continue
            raise self._said(item["status"], str(problem.get("type")), str(problem.get("reason")))
        return refused

    def _asked(self, ask: Callable[[float], Given], until: float) -> Given:
        """Ask where somebody waits, until then; not at all, where it was away a moment ago.

        ask: is given the seconds that there are for each node.
        """
        now = self._clock()
        if now < self._rests[0] and self._rests[1]:
            raise self._rests[1].with_traceback(None)  # else it grows with each who asks
        try:
            if now >= until:
                raise self._silent()
            return self._done(lambda: ask((until - now) / self._hosts))
        except IndexAway as problem:
            self._rests = self._clock() + _REST, problem
            raise

    def _silent(self) -> IndexAway:
        return IndexAway("{address} does not answer: is the cluster well?", address=self.address)

    def _done(self, ask: Callable[[], Given]) -> Given:
        from opensearchpy import OpenSearchException

        try:
            return ask()
        except OpenSearchException as error:
            raise self._problem(error) from error

    def _problem(self, error: Exception) -> IndexAway:
        """Put what went wrong into one line."""
        from opensearchpy import ConnectionError, ConnectionTimeout, SSLError, TransportError

        match error:
            case ConnectionTimeout():
                return self._silent()
            case SSLError():
                return IndexAway(
                    "{address} has a certificate that is not trusted: give its authority as ?ca_certs=FILE ({reason})",
                    address=self.address,
                    reason=_reason(error),
                )
            case ConnectionError():
                return IndexAway(
                    "{address} cannot be reached: is the cluster there? ({reason})",
                    address=self.address,
                    reason=_reason(error),
                )
            case TransportError():
                status = error.status_code if isinstance(error.status_code, int) else 0
                return self._said(status, str(error.error), str(error.info))
        return IndexAway(
            "{address} gives no readable answer: {reason}",
            address=self.address,
            reason=_reason(error),
            kind=type(error).__name__,
        )

    def _said(self, status: int, kind: str, reason: str) -> IndexAway:
        if "cluster_block" in kind or "flood-stage" in reason or "read-only" in reason:
            return IndexAway(
                "{address} takes nothing more, as when its disks are full: make room there; nothing is lost",
                address=self.address,
            )
        if "create_block" in kind:
            return IndexAway(
                "{address} forbids that an index is made, as when its disks are full: make room there, and put its "
                "setting cluster.blocks.create_index back; nothing is lost",
                address=self.address,
            )
        match status:
            case 401 | 403:
                return IndexAway(
                    "{address} does not let us in: put name and password, or the key, of the index's address right",
                    address=self.address,
                )
            case 404:
                return IndexAway("{address} has no index of that name: say briefbot reindex", address=self.address)
            case 429:
                return IndexAway("{address} has too much to do: what waits is sent again", address=self.address)
            case 503:
                return IndexAway("{address} has lost a part of the index: are all nodes there?", address=self.address)
        return IndexAway(
            "{address} cannot do what it is asked: {status} {kind}", address=self.address, status=status, kind=kind
        )


def _or_row(row: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """Let a query find a row as well, which comes first where the best do."""
    known = {"constant_score": {"filter": {"term": {"row": row}}, "boost": _FIRST}}
    return {"bool": {"should": [query, known], "minimum_should_match": 1}}


def _reason(error: Exception) -> str:
    return str(getattr(error, "info", None) or error).splitlines()[0][:200]
