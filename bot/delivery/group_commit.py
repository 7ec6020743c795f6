"""Group commit: calls at about the same time share one commit, and one wait for the disk."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class GroupCommit(Generic[Asked, Given]):
    """Runs one batch at a time: the first call at once, and all that come meanwhile together in the next batch.

    So no call waits for others to come, and the more calls there are, the fewer commits each takes.
    """

    def __init__(self, do: Callable[[Sequence[Asked]], Sequence[Given]]) -> None:
        """Run batches with a function that returns the results in order; it is called in a thread of its own.

        If it raises, every call of the batch gets the error.
        """
        self._do = do
        # What waits for a commit does not wait for whatever else is worked on, as look-ups are, in the common threads.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._asked: list[tuple[Asked, asyncio.Future[Given]]] = []
        self._doing: asyncio.Task[None] | None = None

    async def __call__(self, one: Asked) -> Given:
        """Add one to the next batch, and return its result."""
        answer: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._asked.append((one, answer))
        if self._doing is None:
            self._doing = asyncio.create_task(self._do_all(), name="together")
        return await answer

    async def _do_all(self) -> None:
        while self._asked:
            together, self._asked = self._asked, []
            try:
                asked = [one for one, _ in together]
                given = await asyncio.get_running_loop().run_in_executor(self._thread, self._do, asked)
            except Exception as error:  # it is raised to each of those who asked
                for _, answer in together:
                    if not answer.done():  # whoever asked may have gone
                        answer.set_exception(error)
            else:
                for (_, answer), one in zip(together, given, strict=True):
                    if not answer.done():
                        answer.set_result(one)
        self._doing = None
