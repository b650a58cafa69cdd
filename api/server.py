"""Serves the application by gunicorn: one process of our own making, with threads."""

import errno
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from api.jobs.runner import JobRunner
from api.settings import Settings

GRACE_S = 10
"""How long a service that is told to stop by SIGTERM waits for the requests it has begun."""

STALL_S = 120
"""After so long without a sign of life from its main loop the worker is replaced. The loop beats
while requests run, however long they take; only code that holds the interpreter could stop it."""

WARM_UP_S = 300
"""How long the service is not announced for want of a process that is ready for jobs."""

LEAVE_S = 3
"""How long Ctrl-C waits for jobs to be given back. What is not takes another start a little longer:
leases run out by themselves."""


class CannotListenError(Exception):
    """The address cannot be listened on; the message says what to do."""


def open_listener(host: str, port: int) -> socket.socket:
    """
    Take the address. Whoever connects before the server runs waits for it.

    Raises
    ------
    CannotListenError
        When the port is in use or the host is not an address of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        try:
            # A port whose last connections are still fading out counts as free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Connections take it over. Gunicorn sends head and body apart, and without this the
            # body waits for the client to confirm the head: 40 ms for each answer on a connection
            # that is kept.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.bind(address)
            listener.listen()
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise CannotListenError(_why_not(host, port, error)) from error
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use at {host}. Stop what uses it, or take another one: "
            f"make run PORT={port + 1 if port < 65535 else 8001}"
        )
    if isinstance(error, PermissionError):
        return f"Port {port} needs more rights than you have. Take one above 1023: PORT=8000"
    return f"HOST is {host!r}, where this machine cannot listen: {error.strerror}."


def address_of(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


class Server(BaseApplication):
    """
    The application in one worker process, forked when everything is loaded.

    One worker, because it holds the roads and the accounts, and what takes long is done by the
    processes of its jobs. The process that forked it only watches, and replaces it from its own
    loaded state should it ever die.
    """

    def __init__(
        self, app: Flask, listener: socket.socket, settings: Settings, jobs: JobRunner
    ) -> None:
        self._app = app
        self._jobs = jobs
        self._listener = listener
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self._listener.detach()}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._settings.thread_count,
            "timeout": STALL_S,
            "graceful_timeout": GRACE_S,
            "keepalive": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            # A heartbeat file on a slow disk could block the worker.
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,
            "post_worker_init": self._begin,
            "worker_int": self._leave_at_once,
            "worker_exit": self._end,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app

    def _begin(self, worker: Any) -> None:
        # Ctrl-C reaches both processes. The watching one passes it on; twice would be a race.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._jobs.start()
        if worker.age == 1:
            threading.Thread(target=self._announce, daemon=True).start()

    def _announce(self) -> None:
        self._jobs.wait_until_warm(WARM_UP_S)
        announce_when_ready(address_of(self._settings.host, self._settings.port))

    def _end(self, _server: Any, worker: Any) -> None:
        # Called in the worker, and in the process that watches it once the worker is gone.
        if worker.pid == os.getpid():
            self._jobs.stop()

    def _leave_at_once(self, _worker: Any) -> None:
        """On Ctrl-C: without waiting for plans that are being made; what is stored is whole."""
        # In a thread, since we may have interrupted whatever holds a lock that it needs.
        ending = threading.Thread(target=self._jobs.stop, daemon=True)
        ending.start()
        ending.join(LEAVE_S)
        os._exit(0)


def announce_when_ready(url: str) -> None:
    """Print where the service is as soon as it answers."""
    while True:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                break
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    print(f"Territour is ready at {url}", flush=True)
