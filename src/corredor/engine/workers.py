"""Where pure functions are carried out: on threads, or on workers of a Dask cluster. The one door for all that goes side by side."""

from __future__ import annotations

import asyncio
import pickle
import platform
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from itertools import islice
from math import ceil
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from corredor.study.arguments import jobs_of
from corredor.study.problems import ArgumentError, ExtraMissing, Unreachable

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

ClusterLike: TypeAlias = "Client | str | None"
"""A client of a cluster; the address of its scheduler, such as tcp://10.0.0.5:8786; local:N for N processes here; none: threads."""

Task = TypeVar("Task")
Answer = TypeVar("Answer")

LOCAL = "local:"
SCHEDULER_SECONDS = 10
"""How long a scheduler may take to answer."""
FIRST_WORKER_SECONDS = 60
"""How long a cluster may take until its first worker is there."""
UNDER_WAY = 4
"""Tasks handed out for each thread or worker: one at work, the others at hand for it."""
LOOK_SECONDS = 2.0
"""Workers may come and go; so often it is looked how many there are."""
BATCHES, MOST_IN_BATCH = 8, 100
"""A worker of a cluster gets so many batches of draws, or more where they would hold more draws than that."""
SAME_VERSIONS = ("corredor", "numpy", "numba", "scipy")
"""Packages that decide the last digit of a result; a worker must have the same versions."""
UNOBSERVED = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.limit": "10s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.scheduler.active-memory-manager.start": False,
}
"""Settings of distributed for processes here: workers are not sampled while they work, and copies of what they work on are kept."""


class Workers(Protocol):
    """Carries out a pure function on many tasks.

    remote : whether it is done on other machines, or processes, which are handed copies of everything
    slots : how many can be at work at the same time
    """

    @property
    def remote(self) -> bool: ...

    @property
    def slots(self) -> int: ...

    def map(
        self, function: Callable[[Task], Answer], tasks: Iterable[Task]
    ) -> AbstractContextManager[Iterator[tuple[Task, Answer]]]:
        """Tasks with their answers, in the order in which they end; tasks are taken as room comes free, so there may be any number.

        function : its answer hangs on the task alone; a cluster must be able to pickle it
        raises : what the function raises; Unreachable when a cluster is lost
        """
        ...

    def batch(self, n_tasks: int) -> int:
        """How many small tasks are best handed out at once."""
        ...


@dataclass(frozen=True)
class Threads:
    """Threads of this process; a single one is that of the caller, whom the keyboard can stop at any moment."""

    jobs: int
    remote: bool = False

    @property
    def slots(self) -> int:
        return self.jobs

    def batch(self, n_tasks: int) -> int:
        return 1

    @contextmanager
    def map(self, function: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Iterator[tuple[Task, Answer]]]:
        if self.jobs == 1:
            yield ((task, function(task)) for task in tasks)
            return
        pool = ThreadPoolExecutor(max_workers=self.jobs)
        try:
            yield self._answers(pool, function, iter(tasks))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _answers(
        self, pool: ThreadPoolExecutor, function: Callable[[Task], Answer], tasks: Iterator[Task]
    ) -> Iterator[tuple[Task, Answer]]:
        waiting: dict[Future[Answer], Task] = {pool.submit(function, task): task for task in islice(tasks, UNDER_WAY * self.jobs)}
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()
                waiting |= {pool.submit(function, task): task for task in islice(tasks, 1)}


@dataclass(frozen=True)
class OnDask:
    """Workers of a Dask cluster. What a killed worker was doing is done by another one."""

    client: Client
    remote: bool = True

    @property
    def slots(self) -> int:
        """Tasks that the workers there are now can do at the same time."""
        return max(sum(map(int, self.client.nthreads().values())), 1)

    def batch(self, n_tasks: int) -> int:
        return max(1, min(MOST_IN_BATCH, ceil(n_tasks / (BATCHES * self.slots))))

    @contextmanager
    def map(self, function: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Iterator[tuple[Task, Answer]]]:
        import dask  # late: an extra

        waiting: dict[Any, Task] = {}
        with _telling_of_a_lost_cluster(self.client):
            try:
                # a task of its own, so that each worker unpickles it once, and another one can make it anew when that worker dies
                with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
                    carried = self.client.submit(pickle.loads, pickle.dumps(function), pure=False)
                yield self._answers(carried, waiting, iter(tasks))
            finally:
                if waiting and self.client.status == "running":
                    self.client.cancel(list(waiting))

    def _answers(self, carried: Any, waiting: dict[Any, Task], tasks: Iterator[Task]) -> Iterator[tuple[Task, Any]]:
        from distributed import as_completed  # late: an extra

        versions, slots, looked = own_versions(), self.slots, time.monotonic()
        ended = as_completed(loop=self.client.loop)
        for task in islice(tasks, UNDER_WAY * slots):
            ended.add(self._handed_out(carried, versions, task, waiting))
        for future in ended:
            answer = future.result()
            task = waiting.pop(future)
            if time.monotonic() - looked > LOOK_SECONDS:
                slots, looked = self.slots, time.monotonic()
            for more in islice(tasks, max(UNDER_WAY * slots - len(waiting), 0)):
                ended.add(self._handed_out(carried, versions, more, waiting))
            yield task, answer

    def _handed_out(self, carried: Any, versions: dict[str, str], task: Task, waiting: dict[Any, Task]) -> Any:
        future = self.client.submit(carry_out, carried, versions, task, pure=False)
        waiting[future] = task
        return future


def carry_out(function: Callable[[Task], Answer], versions: dict[str, str], task: Task) -> Answer:
    """What a worker does: one task, if it has the versions of the process that wants it done.

    raises : Unreachable, when it has others
    """
    if (own := own_versions()) != versions:
        raise Unreachable(*_other_versions("a worker", own, versions))
    return function(task)


@cache
def own_versions() -> dict[str, str]:
    """Versions of this process of everything that decides a result's last digit."""
    return {name: metadata.version(name) for name in SAME_VERSIONS}


@contextmanager
def workers_of(jobs: int | None, cluster: ClusterLike = None) -> Iterator[Workers]:
    """Threads, or the workers of a cluster, for as long as they are needed; a client that was given stays open.

    jobs : threads, all processors unless given; a cluster has its own
    raises : ArgumentError for what is no cluster; Unreachable for one that is not there or has other versions; ExtraMissing
    """
    if cluster is None:
        yield Threads(jobs_of(jobs))
        return
    with ExitStack() as opened:
        client = opened.enter_context(client_of(cluster)) if isinstance(cluster, str) else cluster
        if not hasattr(client, "submit") or not hasattr(client, "nthreads"):
            raise _no_cluster(cluster)
        _await_workers(client)
        check_versions(client)
        yield OnDask(client)


@contextmanager
def client_of(address: str) -> Iterator[Client]:
    """A client of the cluster at an address, closed in the end; with local:N, so many processes of this machine, ended in the end.

    It becomes nobody's default: whoever called may have one of their own.

    raises : ArgumentError, Unreachable, ExtraMissing
    """
    try:
        from distributed import Client  # late: an extra, and heavy
    except ImportError as error:
        raise ExtraMissing("no work on a cluster", "cluster") from error
    with ExitStack() as opened:
        if address.startswith(LOCAL):
            number = address.removeprefix(LOCAL)
            if not number.isdecimal() or not 1 <= int(number) <= 1024:
                raise _no_cluster(address)
            cluster = opened.enter_context(_local_cluster(int(number)))
            yield opened.enter_context(Client(cluster, set_as_default=False))
            return
        if "://" not in address:
            raise _no_cluster(address)
        try:
            with ThreadPoolExecutor(max_workers=1) as thread:  # the caller's may have an event loop at work, as notebooks do
                thread.submit(asyncio.run, _greeted(address)).result()
            client = opened.enter_context(Client(address, timeout=SCHEDULER_SECONDS, set_as_default=False))
        except Exception as error:
            # an address of another protocol, or of a program that is no scheduler, is told by almost any exception
            raise Unreachable(
                f"no scheduler of a Dask cluster answers at {address}", "the address that `dask scheduler` printed, or start it"
            ) from error
        yield client


async def _greeted(address: str) -> None:
    """Wait for the greeting of a scheduler, as a client does, but not for ever: at a wrong port may be a program that says nothing."""
    from distributed.comm import connect  # late: an extra
    from distributed.security import Security

    arguments = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=SCHEDULER_SECONDS, **arguments), SCHEDULER_SECONDS)
    comm.abort()


def _local_cluster(n_workers: int) -> LocalCluster:
    """Processes of this machine that nobody else can reach, without what looks at them while they work: it took 6 % of a processor each."""
    import dask  # late: an extra
    from distributed import LocalCluster

    with dask.config.set(UNOBSERVED), _unheard_by_new_processes():
        return LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            # the port of its web pages is opened even without them, for all the world and with a warning when it is taken
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            silence_logs=50,
        )


@contextmanager
def _unheard_by_new_processes() -> Iterator[None]:
    """A terminal sends Ctrl-C, and word that it closes, to every process started from it; ours here is the one that answers.

    Threads begun meanwhile, and the processes that these begin at any time, hear neither; this thread hears it afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    unheard = {signal.SIGINT, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, unheard)
    try:
        resource_tracker.ensure_running()  # a process that Python starts for all others; it lets this thread hear Ctrl-C again
        signal.pthread_sigmask(signal.SIG_BLOCK, unheard)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def check_versions(client: Client) -> None:
    """Refuse workers with other versions than this process, whose results could differ in the last digit.

    raises : Unreachable
    """
    own = own_versions() | {"python": _minor(platform.python_version())}
    for address, found in sorted(client.get_versions(packages=list(SAME_VERSIONS))["workers"].items()):
        packages = found["packages"]
        theirs = {name: str(packages.get(name) or "missing") for name in SAME_VERSIONS} | {"python": _minor(packages["python"])}
        if theirs != own:
            raise Unreachable(*_other_versions(f"the worker at {address}", theirs, own))


def _minor(version: str) -> str:
    return ".".join(str(version).split(".")[:2])


def _other_versions(who: str, theirs: dict[str, str], own: dict[str, str]) -> tuple[str, str]:
    differ = [name for name in own if theirs.get(name) != own[name]]
    words = ", ".join(f"{name} {theirs.get(name, 'missing')}" for name in differ)
    here = ", ".join(f"{name} {own[name]}" for name in differ)
    return f"{who} has {words}; here it is {here}, and results could differ", "install the same versions on every worker"


def _await_workers(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER_SECONDS)
    except TimeoutError as error:
        found = f"the cluster has had no worker for {FIRST_WORKER_SECONDS} seconds"
        raise Unreachable(found, "start workers: dask worker ADDRESS") from error


def _no_cluster(found: object) -> ArgumentError:
    return ArgumentError(
        "cluster", repr(found), "the address of a scheduler, local:N, or a distributed.Client", 'cluster="local:2"'
    )


@contextmanager
def _telling_of_a_lost_cluster(client: Client) -> Iterator[None]:
    """A scheduler that is gone and a task that kills its workers become sentences."""
    from distributed import CancelledError, KilledWorker  # late: an extra
    from distributed.comm import CommClosedError

    try:
        yield
    except KilledWorker as error:
        found = "a task ended every worker that it was given to, for want of memory perhaps"
        raise Unreachable(found, "workers with more memory, or fewer on each machine") from error
    except (CancelledError, CommClosedError, TimeoutError) as error:
        found = f"the scheduler of the cluster at {client.scheduler.address if client.scheduler else 'the address given'} is gone"
        raise Unreachable(found, "start it again; then the same command goes on from what is finished") from error
