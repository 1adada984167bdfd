"""How long a check takes, beside what it cannot do without, and beside others. Run it with `make bench`.

One wrong try each on fresh challenges over 1,000 accounts; medians of one run, taken by turns of a hundred, so that a
machine that slows down slows all. What counts are the ratios.
"""

from __future__ import annotations

import hmac
import multiprocessing
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import redis

from benchmarks.table import head, line, micro
from sms2fa import Policy, SqliteStore, Verifier, parse_phone
from sms2fa.gateways import DeliveryStatus, Receipt
from sms2fa.message import Message
from sms2fa.phone import PhoneNumber
from sms2fa.stores import Store
from sms2fa.stores import sqlite as statements
from sms2fa.stores.redis import RedisStore

TURN = 100  # calls of one, then of the other
ACCOUNTS = [f"account-{number}" for number in range(1_000)]
KEY = b"benchmark key of at least 32 bytes"
PHONE = parse_phone("+818012345678")
POLICY = Policy(sends_per_number=None, sends_per_prefix=None, sends_per_day=None)  # a thousand challenges at once

Work = Callable[[str], object]


class Nowhere:
    """A gateway that takes no time."""

    live = False

    def send(self, message: Message, *, to: PhoneNumber) -> Receipt:
        return Receipt("msgid", DeliveryStatus.QUEUED)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="sms2fa"))
    head()
    try:
        beside_the_bare_statements(folder)
        beside_others(folder)
        among_a_million(folder)
        on_redis(folder)
        in_eight_processes(folder)
    finally:
        shutil.rmtree(folder)


def beside_the_bare_statements(folder: Path) -> None:
    for where, path, other in (("in memory", ":memory:", ":memory:"), ("on file", folder / "a.db", folder / "b.db")):
        with SqliteStore(path) as store, SqliteStore(other) as others:
            ours, transaction, statement = medians(ACCOUNTS, check(store), *bare(others))
        line(
            f"check, {where}",
            micro(ours),
            f"the bare transaction {micro(transaction)}",
            ours / transaction,
            "at most 2",
        )
        line("", "", f"one bare statement {micro(statement)}", ours / statement)


def beside_others(folder: Path) -> None:
    import pyotp

    with SqliteStore(folder / "c.db") as store:
        ours, theirs = medians(ACCOUNTS[:200], check(store), django_otp(folder))
    line("check, on file", micro(ours), f"django-otp's e-mail device {micro(theirs)}", theirs / ours, "at least 20")
    totp = pyotp.TOTP(pyotp.random_base32())
    line("", "", f"pyotp's TOTP.verify {micro(*medians(['000000'] * 1000, totp.verify))}")


def among_a_million(folder: Path) -> None:
    with SqliteStore(folder / "few.db") as of_few, SqliteStore(folder / "many.db") as of_many:
        check_few, _ = many_open(of_few, 1_000)
        check_many, size = many_open(of_many, 1_000_000)
        few, many = medians(ACCOUNTS, check_few, check_many)
    line("check among 1,000,000 open", micro(many), f"among 1,000 {micro(few)}", many / few, "at most 2")
    line("an open challenge on disk", f"{size:.0f} bytes", "", None, "at most 300 bytes")


def on_redis(folder: Path) -> None:
    program = shutil.which("redis-server")
    if program is None:
        line("check, on Redis", "no redis-server found", "")
        return
    address = folder / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", str(address), "--dir", str(folder), "--save", ""]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while not address.exists():
            time.sleep(0.01)
        with RedisStore(f"unix://{address}") as store, redis.Redis.from_url(f"unix://{address}") as client:
            ours, trip = medians(ACCOUNTS, check(store), client.get)
        line("check, on Redis", micro(ours), f"one bare round trip {micro(trip)}", ours / trip, "at most 3.5")
    finally:
        server.terminate()
        server.wait()


def in_eight_processes(folder: Path) -> None:
    turns = [[checks_a_second(folder / f"{many}-{turn}.db", many) for many in (1, 8)] for turn in range(3)]
    one, eight = map(statistics.median, zip(*turns, strict=True))
    what = f"8 processes on {os.cpu_count()} cores"
    line(what, f"{eight:,.0f} checks a second", f"one process {one:,.0f}", eight / one, "at least 1")


def medians(arguments: Sequence[str], *works: Work) -> list[float]:
    """Microseconds that one call of each takes, by turns."""
    spans: list[list[float]] = [[] for _ in works]
    for first in range(0, len(arguments), TURN):
        for work, taken in zip(works, spans, strict=True):
            for argument in arguments[first : first + TURN]:
                begun = time.perf_counter()
                work(argument)
                taken.append(time.perf_counter() - begun)
    return [statistics.median(taken) * 1e6 for taken in spans]


def a_verifier(store: Store) -> Verifier:
    return Verifier(Nowhere(), store=store, key=KEY, policy=POLICY)


def check(store: Store) -> Work:
    """A wrong try on a fresh challenge."""
    verifier = a_verifier(store)
    challenges = {name: verifier.start(account=name, phone=PHONE).id for name in ACCOUNTS}
    return lambda name: verifier.check(challenges[name], "000000", account=name)


def bare(store: SqliteStore) -> tuple[Work, Work]:
    """The statements of a wrong try in one transaction, with one HMAC; and one statement with one HMAC."""
    check(store)
    connection = connection_of(store)

    def transaction(name: str) -> None:
        hmac.digest(KEY, name.encode(), "sha256")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(statements.READ_CHALLENGE, (name, "login")).fetchone()
        connection.execute(statements.READ_ACCOUNT, (name,)).fetchone()
        connection.execute(statements.UPDATE_CHALLENGE, ("live", 1, 1, name, "login"))
        connection.execute(statements.WRITE_ACCOUNT, (name, '{"login": 1}', None, None))
        connection.execute("COMMIT")

    def statement(name: str) -> None:
        hmac.digest(KEY, name.encode(), "sha256")
        returning = f"{statements.UPDATE_CHALLENGE} RETURNING pin_digest"
        connection.execute(returning, ("live", 2, 1, name, "login")).fetchone()

    return transaction, statement


def django_otp(folder: Path) -> Work:
    """A wrong try at the e-mail device of django-otp, on a SQLite file."""
    import django
    from django.conf import settings

    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "django.db")}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django_otp",
            "django_otp.plugins.otp_email",
        ],
        USE_TZ=True,
    )
    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django_otp import verify_token
    from django_otp.plugins.otp_email.models import EmailDevice

    call_command("migrate", verbosity=0)
    users = {}
    for name in ACCOUNTS[:200]:
        users[name] = user = User.objects.create(username=name)
        device = EmailDevice.objects.create(user=user, name="mail", confirmed=True)
        device.generate_token()
        users[name].device_id = device.persistent_id
    # Its safe call, which reads the device and locks it; ours reads the challenge too.
    return lambda name: verify_token(users[name], users[name].device_id, "000000")


def many_open(store: SqliteStore, challenges: int) -> tuple[Work, float]:
    """A wrong try on random rows among so many open challenges, and the bytes of a challenge on disk."""
    verifier = a_verifier(store)
    template = verifier.start(account="template", phone=PHONE)
    connection = connection_of(store)
    row = connection.execute("SELECT * FROM challenges").fetchone()
    empty = size(connection)
    connection.execute("BEGIN")
    connection.executemany(
        f"INSERT INTO challenges VALUES ({', '.join('?' * len(row))})",
        ((f"account-{number}", *row[1:]) for number in range(challenges)),
    )
    connection.execute("COMMIT")
    each = (size(connection) - empty) / challenges
    names = (f"account-{number}" for number in random.Random(1).sample(range(challenges), len(ACCOUNTS)))
    return lambda _: verifier.check(template.id, "000000", account=next(names)), each


def size(connection: sqlite3.Connection) -> int:
    pages, page = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * page)


def connection_of(store: SqliteStore) -> sqlite3.Connection:
    assert store._connection is not None
    return store._connection


def checks_a_second(path: Path, processes: int, seconds: float = 2) -> float:
    """Checks that so many processes finish together on one file, over 1,000 accounts in all."""
    context = multiprocessing.get_context("spawn")
    ready, done = context.Barrier(processes), context.Queue()
    work = [(path, ACCOUNTS[number::processes], seconds, ready, done) for number in range(processes)]
    workers = [context.Process(target=count_checks, args=arguments) for arguments in work]
    for worker in workers:
        worker.start()
    finished = sum(done.get() for _ in workers)
    for worker in workers:
        worker.join()
    return finished / seconds


def count_checks(path: Path, names: list[str], seconds: float, ready: Any, done: Any) -> None:
    with SqliteStore(path) as store:
        verifier = a_verifier(store)
        challenges = {name: verifier.start(account=name, phone=PHONE).id for name in names}
        ready.wait()
        end, finished = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            name = names[finished % len(names)]
            verifier.check(challenges[name], "000000", account=name)
            finished += 1
        done.put(finished)


if __name__ == "__main__":
    main()
