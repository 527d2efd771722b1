"""A small IMAP4rev1 server on loopback: enough of RFC 3501 for a client that logs in, selects, searches and fetches."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class ImapServer:
    """Serves `folders`, each a list of letters numbered from 1, to one account. `commands` keeps what was asked.

    It refuses some letters, never gets to the end of the slow ones unless asked for a part, hangs up at the end of so
    many letters, or drops the line at the end.
    """

    user: str = "mayor"
    password: str = "secret"
    validity: int = 7
    folders: dict[str, list[bytes]] = field(default_factory=lambda: {"INBOX": []})
    commands: list[str] = field(default_factory=list)
    port: int = 0
    refuses: tuple[int, ...] = ()
    slow: tuple[int, ...] = ()
    drops_at_logout: bool = False
    hangs_up_after: int = 0

    @asynccontextmanager
    async def serving(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[ImapServer]:
        server = await asyncio.start_server(self._client, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):  # a client may leave when it likes
            await self._conversation(reader, writer)
        writer.close()

    async def _conversation(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        letters: list[bytes] = []
        given = 0
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode(errors="replace").strip():
            self.commands.append(line)
            tag, command, rest = (*line.split(" ", 2), "", "")[:3]
            if command == "SELECT" or command == "EXAMINE":
                letters = self.folders.get(rest.strip('"'), [])
                known = rest.strip('"') in self.folders
                writer.write(b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] valid\r\n" % (len(letters), self.validity))
                writer.write(f"{tag} {'OK' if known else 'NO no such folder'} done\r\n".encode())
            elif command == "LOGOUT" and self.drops_at_logout:
                break
            elif command == "UID" and "BODY" in rest and int(rest.split(" ")[1]) in self.slow and "<0." not in rest:
                await reader.read()  # until the other side gives up
                break
            else:
                writer.write(self._answer(tag, command, rest, letters))
            await writer.drain()
            given += "BODY" in rest
            if command == "LOGOUT" or given == self.hangs_up_after > 0:
                break

    def _answer(self, tag: str, command: str, rest: str, letters: list[bytes]) -> bytes:
        if command == "CAPABILITY":
            return f"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n".encode()
        if command == "LOGIN":
            right = rest == f'{self.user} "{self.password}"'
            return f"{tag} {'OK' if right else 'NO LOGIN failed'} done\r\n".encode()
        if command == "UID" and rest.startswith("SEARCH"):
            return self._search(rest, letters) + f"{tag} OK done\r\n".encode()
        if command == "UID" and "BODY" in rest and int(rest.split(" ")[1]) in self.refuses:
            return f"{tag} NO [SERVERBUG] cannot read\r\n".encode()
        if command == "UID" and rest.startswith("FETCH"):
            return self._fetch(rest, letters) + f"{tag} OK done\r\n".encode()
        return (b"* BYE\r\n" if command == "LOGOUT" else b"") + f"{tag} OK done\r\n".encode()

    def _search(self, rest: str, letters: list[bytes]) -> bytes:
        first = re.search(r"UID (\d+):\*", rest)
        start = min(int(first[1]) if first else 1, max(len(letters), 1))
        numbers = " ".join(str(n) for n in range(start, len(letters) + 1))
        return f"* SEARCH {numbers}\r\n".encode()

    def _fetch(self, rest: str, letters: list[bytes]) -> bytes:
        numbers = [int(n) for n in rest.split(" ")[1].split(",")]
        answers = []
        for number in numbers:
            letter = letters[number - 1]
            if "SIZE" in rest:
                answers.append(b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (number, number, len(letter)))
            else:
                part = re.search(r"<0\.(\d+)>", rest)
                letter = letter[: int(part[1])] if part else letter
                answers.append(b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (number, number, len(letter), letter))
        return b"".join(answers)
