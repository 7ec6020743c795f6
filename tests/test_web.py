"""Who calls the web server and then says nothing, or half of it, takes it from nobody else."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import web

from bot.base.web import HEAD_SECONDS, MOST, Web

HALF_A_HEAD = b"POST /slack/events HTTP/1.1\r\nHost: a\r\nX-Slack-Sign"
HALF_A_BODY = b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\ntoken="


async def answer(request):
    try:
        return web.Response(text=await request.text())
    except ConnectionError:
        return web.Response(status=408)


@asynccontextmanager
async def serving():
    async with Web("127.0.0.1:0", [web.post("/slack/events", answer), web.get("/healthz", answer)]) as server:
        yield server


@asynccontextmanager
async def half_sent(address, *beginnings):
    """Connections that have sent this much, and send no more; as (reader, writer)."""
    made = []
    for beginning in beginnings:
        made.append(await asyncio.open_connection(*address))
        made[-1][1].write(beginning)
    try:
        yield made
    finally:
        for _, writer in made:
            writer.close()
        for _, writer in made:
            with suppress(OSError):  # the server has ended it, which is what is tested
                await writer.wait_closed()


@pytest.mark.parametrize("said", [b"", b"GET", HALF_A_HEAD])
async def test_a_head_that_does_not_arrive_in_time_ends_the_connection(monkeypatch, said):
    monkeypatch.setattr("bot.base.web.HEAD_SECONDS", 0.2)
    async with serving() as server, half_sent(server.address, said) as [(reader, _)]:
        async with asyncio.timeout(HEAD_SECONDS / 2):  # what stands there otherwise
            assert await reader.read() == b""


async def test_nor_does_it_help_to_send_a_little_now_and_then(monkeypatch):
    monkeypatch.setattr("bot.base.web.HEAD_SECONDS", 0.2)
    async with serving() as server, half_sent(server.address, HALF_A_HEAD) as [(reader, writer)]:
        while not reader.at_eof():
            writer.write(b"a")
            with suppress(TimeoutError, OSError):
                await asyncio.wait_for(reader.read(1), 0.02)


async def test_a_connection_is_for_one_request_so_that_nobody_writes_to_one_that_ends():
    async with serving() as server:
        host, port = server.address
        async with aiohttp.ClientSession() as session, session.get(f"http://{host}:{port}/healthz") as answered:
            assert (answered.status, answered.headers["Connection"]) == (200, "close")


async def test_of_too_many_connections_the_oldest_are_ended_and_who_calls_then_is_answered():
    async with serving() as server, half_sent(server.address, *[HALF_A_HEAD, HALF_A_BODY] * 200) as made:
        async with aiohttp.ClientSession() as session:
            host, port = server.address
            slowest = 0.0
            for number in range(50):
                began = time.monotonic()
                async with session.post(f"http://{host}:{port}/slack/events", data=f"n={number}") as answered:
                    assert await answered.text() == f"n={number}"
                slowest = max(slowest, time.monotonic() - began)
        assert slowest < HEAD_SECONDS / 2  # who waits for one of them to end by itself waits for the whole
        ended = [reader.at_eof() or reader.exception() is not None for reader, _ in made]
        assert ended[: 400 - MOST] == [True] * (400 - MOST)
        assert not ended[-1]


async def test_as_many_may_call_at_once_as_there_is_room_for():
    async with serving() as server, AsyncExitStack() as calling:
        for _ in range(MOST):  # the server has no turn meanwhile: the system keeps them, and lets none wait a second
            calling.enter_context(socket.create_connection(server.address, timeout=0.5))
