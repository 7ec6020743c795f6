"""The faults, each a function that plays it in worlds of its own and says what came of it.

deaths     processes that are killed, stopped, or replaced by those of a newer version
answers    what platforms answer, or do not
databases  a server that stops, a disk that is full or does not sync
clocks     downtime, and clocks that change
programs   the whole program: repeated commands, a gateway in trouble, hostile feeds
"""

from tests.faults.rows import answers, clocks, databases, deaths, programs

__all__ = ["answers", "clocks", "databases", "deaths", "programs"]
