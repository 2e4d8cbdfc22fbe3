"""Does the compiled kernel give the same bits as the same code run as plain Python?"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corredor.engine import arrays, compiled, inputs, kernel, random_numbers

RUN_BOTH_WAYS = """
import hashlib, json, sys
from everything import OUTPUTS, everything
from walking import start

# with weekly steps nothing can be counted by day
outputs = {name: {**output, "every": "month"} for name, output in OUTPUTS.items()}
found = {}
for step_days in json.loads(sys.argv[1]):
    for expected in (False, True):
        model = everything(days=28, warm_up_days=7, step_days=step_days, outputs=outputs)
        walk = start(model, seed=2**40 + 5, draw=0 if expected else 3, expected=expected)
        for name, bits in (("start", walk.to_the_end().state.people), ("cells", walk.cells), ("line", walk.state.cohort),
                           ("way", walk.state.stages), ("closed", walk.state.closed_until)):
            found[f"{name} {step_days} {expected}"] = [bits.size, float(bits.sum()).hex(), hashlib.sha256(bits.tobytes()).hexdigest()]
        found[f"decisions {step_days} {expected}"] = int(walk.state.decisions[0])
json.dump(found, sys.stdout)
"""


def run(disable_jit, step_days):
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", RUN_BOTH_WAYS, json.dumps(step_days)],
        env={
            **os.environ,
            "NUMBA_DISABLE_JIT": disable_jit,
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "step_days", [pytest.param([1.0], id="days"), pytest.param([0.25, 7.0], id="other_steps", marks=pytest.mark.full)]
)
def test_plain_python_and_compiled_code_give_the_same_bits(step_days):
    compiled, plain = run("0", step_days), run("1", step_days)
    assert all(compiled[f"decisions {step} False"] > 500 for step in step_days)
    assert compiled == plain


def test_the_kernel_is_compiled_anew_when_a_file_that_it_is_compiled_with_has_changed():
    """Numba compiles a file anew when its own text changes, and does not look at what it imports."""
    for module, read in ((kernel, (arrays, compiled, random_numbers)), (inputs, (arrays, compiled))):
        texts = [Path(one.__file__).read_text(encoding="utf-8") for one in read]
        now = hashlib.sha256("".join(texts).encode()).hexdigest()[:12]
        assert now == module.COMPILED_WITH, f'write COMPILED_WITH = "{now}" in {module.__name__}'
