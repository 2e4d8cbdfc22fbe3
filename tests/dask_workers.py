"""Workers of a Dask cluster as processes of their own, on loopback, as `dask worker` starts them."""

import contextlib
import os
import subprocess
import sys
import time


@contextlib.contextmanager
def cluster_of():
    """A client of a scheduler in this process, which has no workers yet."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextlib.contextmanager
def scheduler_at(port=0):
    """A scheduler as a process of its own, with its address; killed in the end. Port 0 is a free one."""
    command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-dashboard",
    ]
    process = subprocess.Popen(
        [*command, "--dashboard-address", "127.0.0.1:0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process, next(line.split("Scheduler at:")[1].strip() for line in process.stderr if "Scheduler at:" in line)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@contextlib.contextmanager
def worker_of(address, **environment):
    """A worker with one thread and no nanny, in an environment of its own; killed in the end."""
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**os.environ, **environment}, **told)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(true, seconds=60):
    """Until something holds; fails when it does not in that time."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)
