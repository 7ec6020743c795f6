"""What a database reports as busy, full, gone or broken, as one line for the person who reads it."""

from briefs.errors import DatabaseBusy, StoreError


def busy(url: str) -> DatabaseBusy:
    """Return what to raise where a database is locked."""
    return DatabaseBusy("{url} is locked by another process: try again in a moment", url=url)


def slept() -> DatabaseBusy:
    """Return what to raise where this process slept for longer than the others wait for it."""
    return DatabaseBusy("another process may have gone on with what this one slept over: it begins again")


def problem_of(error: BaseException | None, url: str) -> StoreError | None:
    """Put what the database says into one line; None for a mistake of our own, such as a broken constraint."""
    if hasattr(error, "sqlstate"):
        return _postgres_problem(error, url)
    match getattr(error, "sqlite_errorname", "").split("_")[1:2]:
        case ["BUSY" | "LOCKED"]:
            return busy(url)
        case ["FULL"]:
            return StoreError("no room on the disk of {url}: free some, nothing is lost so far", url=url)
        case ["READONLY" | "PERM" | "AUTH"]:
            return StoreError("{url} may not be written: check its permissions", url=url)
        case ["CANTOPEN"]:
            return StoreError("{url} cannot be opened: check its folder and permissions", url=url)
        case ["CORRUPT" | "NOTADB"]:
            return StoreError("{url} is not a database, or a damaged one: name another, or restore a copy", url=url)
        case ["IOERR"]:
            return StoreError("the disk of {url} fails: {reason}", url=url, reason=error)
    return None


def _postgres_problem(error: BaseException | None, url: str) -> StoreError | None:
    """Do so for PostgreSQL, by the classes of its "Error Codes"; without one, the connection itself is at fault."""
    state = str(getattr(error, "sqlstate", None) or "08000")
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    match state[:2]:
        case "40" | "55":
            return busy(url)
        case "53" if state == "53100":
            return StoreError("no room on the disk of {url}: free some, nothing is lost so far", url=url)
        case "08" | "53" | "57" | "58":
            return StoreError("{url} cannot be reached: {reason}", url=url, reason=reason)
        case "25" if state == "25P03":
            return slept()
        case "25" | "28" | "3D":
            return StoreError("{url} may not be used: {reason}", url=url, reason=reason)
    if state == "42501":
        return StoreError("{url} may not be used: {reason}", url=url, reason=reason)
    return None
