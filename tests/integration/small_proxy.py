#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real small proxy for tests: HTTP CONNECT or SOCKS5 (RFC 1928, 1929) on a free port of this computer.
Writes the port to --ready and a line "tunnel HOST:PORT" or "refused" for each request to --log.
usage: small_proxy.py http|socks5 --ready FILE --log FILE [--user NAME --password WORD]"""
import argparse
import asyncio
import base64
import os
import struct

parser = argparse.ArgumentParser()
parser.add_argument("kind", choices=("http", "socks5"))
parser.add_argument("--ready", required=True)
parser.add_argument("--log", required=True)
parser.add_argument("--user", default="")
parser.add_argument("--password", default="")
given = parser.parse_args()


def note(line):
    with open(given.log, "a", encoding="utf-8") as log:
        log.write(line + "\n")


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, OSError):
        pass
    writer.close()


async def tunnel(host, port, reader, writer, yes):
    there_reader, there_writer = await asyncio.open_connection(host, port)
    note(f"tunnel {host}:{port}")
    writer.write(yes)
    await writer.drain()
    await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))


async def http(reader, writer):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    method, target, _ = head.split("\r\n")[0].split(" ")
    wanted = base64.b64encode(f"{given.user}:{given.password}".encode()).decode()
    if given.user and f"basic {wanted}" not in head.replace("Basic", "basic"):
        note("refused")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n"
                     b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
    elif method != "CONNECT":
        note("plain " + target)
        writer.close()
    else:
        host, port = target.rsplit(":", 1)
        await tunnel(host, int(port), reader, writer, b"HTTP/1.1 200 Connection established\r\n\r\n")


async def socks5(reader, writer):
    _, count = await reader.readexactly(2)
    methods = await reader.readexactly(count)
    method = 2 if given.user else 0
    writer.write(bytes((5, method if method in methods else 255)))
    if method not in methods:
        note("refused")
        writer.close()
        return
    if given.user:
        _, length = await reader.readexactly(2)
        user = await reader.readexactly(length)
        password = await reader.readexactly((await reader.readexactly(1))[0])
        good = (user.decode(), password.decode()) == (given.user, given.password)
        writer.write(bytes((1, 0 if good else 1)))
        if not good:
            note("refused")
            writer.close()
            return
    _, _, _, kind = await reader.readexactly(4)
    if kind == 1:
        host = ".".join(map(str, await reader.readexactly(4)))
    elif kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        host = ":".join(f"{part:x}" for part in struct.unpack("!8H", await reader.readexactly(16)))
    port, = struct.unpack("!H", await reader.readexactly(2))
    await tunnel(host, port, reader, writer, b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")


async def serve():
    async def one(reader, writer):
        try:
            await (http if given.kind == "http" else socks5)(reader, writer)
        except (ConnectionError, OSError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    with open(given.ready + ".part", "w", encoding="utf-8") as ready:
        ready.write(str(server.sockets[0].getsockname()[1]))
    os.rename(given.ready + ".part", given.ready)
    await server.serve_forever()


asyncio.run(serve())
