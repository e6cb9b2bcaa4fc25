"""Threads: how many, that their number changes no bit, forks, several Python threads, the GIL."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import threadpoolctl
from fastnn._core import native

OPENMP = native.build_info()["threading"] == "OpenMP"
needs_openmp = pytest.mark.skipif(not OPENMP, reason="built without OpenMP")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
THREADS = "from fastnn._core import native; print(native.get_num_threads())"

# Two products large enough for several threads; the second tells whether the bits are the first's.
WORK = """
import numpy as np
from fastnn._core import native
native.set_num_threads({threads})
a = np.random.default_rng(0).standard_normal((300, 400), np.float32)
def work():
    return native.matmul_forward(a, a.T).tobytes()
"""


@pytest.fixture
def operands() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((301, 403), np.float32), rng.standard_normal((403, 207), np.float32)


@needs_openmp
@pytest.mark.parametrize(("value", "threads"), [("1", 1), ("3", 3), ("2,4", 2)])
def test_omp_num_threads_is_honoured(run_python, value: str, threads: int) -> None:
    assert run_python(THREADS, OMP_NUM_THREADS=value) == f"{threads}\n"


@pytest.mark.parametrize("value", ["", "0", "many"])
def test_senseless_omp_num_threads_counts_as_unset(run_python, value: str) -> None:
    assert run_python(THREADS, OMP_NUM_THREADS=value) == run_python(THREADS)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity here")
def test_affinity_is_honoured(run_python) -> None:
    cores = sorted(os.sched_getaffinity(0))
    for some in (cores[:1], cores[-1:]):
        assert run_python(f"import os; os.sched_setaffinity(0, {some}); {THREADS}") == "1\n"
    assert int(run_python(THREADS)) <= len(cores)


@pytest.mark.parametrize("n", [0, -1, 1025, -(2**31), 2**31 - 1])
def test_number_of_threads_must_make_sense(n: int) -> None:
    before = native.get_num_threads()
    with pytest.raises(ValueError, match=rf"\[set_num_threads\] .* must be 1 to 1024; received {n}$"):
        native.set_num_threads(n)
    assert native.get_num_threads() == before


@pytest.mark.parametrize("n", ["2", 2.5, None, 2**40])
def test_number_of_threads_must_be_an_int(n: object) -> None:
    with pytest.raises(TypeError, match="set_num_threads"):
        native.set_num_threads(n)


def test_number_of_threads_changes_no_bit(operands) -> None:
    native.set_num_threads(1)
    alone = native.matmul_forward(*operands)
    for threads in (2, 3, 4, 16):
        native.set_num_threads(threads)
        assert native.get_num_threads() == threads
        for _ in range(5):
            np.testing.assert_array_equal(native.matmul_forward(*operands), alone)


@needs_openmp
def test_threadpoolctl_sees_and_limits_the_threads(run_python) -> None:
    assert any(pool["user_api"] == "openmp" for pool in threadpoolctl.threadpool_info())
    count = "len(os.listdir('/proc/self/task'))"
    program = (
        "import os, threadpoolctl\n" + WORK.format(threads=4) + f"before = {count}\n"
        f"with threadpoolctl.threadpool_limits(1, 'openmp'): limited = work()\nwithin = {count}\n"
        f"for _ in range(2000):\n    free = work()\n    if {count} - before == 3: break\n"  # helpers come late
        f"print(within - before, {count} - before, limited == free)"
    )
    if not os.path.isdir("/proc/self/task"):
        pytest.skip("threads are counted in /proc")
    assert run_python(program, OMP_NUM_THREADS="4") == "0 3 True\n"


@needs_fork
@pytest.mark.parametrize("threads", [1, 4])
def test_forked_child_and_its_child_go_on(run_python, threads: int) -> None:
    program = WORK.format(threads=threads) + (
        "import os, signal\n"
        "mine = work()\n"
        "def child(then):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        signal.alarm(60)\n"  # a child that hangs dies and is seen
        "        os._exit(0 if work() == mine and then() == 0 and work() == mine else 1)\n"
        "    return os.waitpid(pid, 0)[1]\n"
        "print(child(lambda: child(lambda: 0)), work() == mine)\n"
    )
    assert run_python("import warnings; warnings.simplefilter('ignore')\n" + program) == "0 True\n"


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_worker_processes(run_python, tmp_path, method: str) -> None:
    import multiprocessing

    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"{method} is not offered here")
    script = tmp_path / "script.py"
    script.write_text(
        "import multiprocessing, warnings\n"
        "warnings.simplefilter('ignore')\n"  # Python warns of fork in a process with threads
        + WORK.format(threads=2)
        + "def same(theirs, array):\n"
        "    return work() == theirs and native.matmul_forward(array, array.T).tobytes() == theirs\n"
        "if __name__ == '__main__':\n"
        "    mine = work()\n"
        f"    with multiprocessing.get_context({method!r}).Pool(2) as pool:\n"
        "        print(pool.starmap_async(same, [(mine, a)] * 4).get(timeout=200), work() == mine)\n"
    )
    program = f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')"
    assert run_python(program) == "[True, True, True, True] True\n"


@pytest.mark.parametrize("threads", [1, 2])
def test_several_python_threads_at_once(operands, threads: int) -> None:
    a, b = operands
    native.set_num_threads(threads)
    expected = [native.matmul_forward(a[i:], b) for i in range(8)]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            for got, want in zip(
                pool.map(lambda i: native.matmul_forward(a[i:], b), range(8)), expected, strict=True
            ):
                np.testing.assert_array_equal(got, want)


GIL = """
import sys, threading
import numpy as np
from fastnn._core import native
sys.setswitchinterval(1000)  # a thread that runs keeps the GIL until it lets go of it by itself
a = np.ones((1500, 1500), np.float32)
native.set_num_threads(1)
def others_ran_during(call):
    ran, go = [], threading.Lock()
    go.acquire()
    def other():
        with go:
            ran.append(True)
    thread = threading.Thread(target=other)
    thread.start()
    go.release()
    call()
    seen = bool(ran)
    thread.join()
    return seen
print(any(others_ran_during(lambda: native.matmul_forward(a, a)) for _ in range(20)),
      any(others_ran_during(lambda: sum(range(3_000_000))) for _ in range(3)))
"""


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this Python has no GIL to release"
)
def test_gil_is_released_while_a_kernel_runs(run_python) -> None:
    assert run_python(GIL) == "True False\n"
