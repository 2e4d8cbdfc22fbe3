"""Compile kernel, random numbers and the making of a draw's inputs into one WebAssembly module: `make wasm` (web/kernel/README.md).

Numba compiles door.py for the types of a draw, as it does for Python; LLVM, which llvmlite carries, makes an object for wasm32 of the
same intermediate code; wasm-ld puts it together with exp, log, expm1, log1p and lgamma of musl's libm (Debian's wasi-libc).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "src" / "corredor" / "engine"
OUT = ROOT / "src" / "corredor" / "pages" / "explore"
SOURCES = [ENGINE / f"{name}.py" for name in ("arrays", "compiled", "random_numbers", "kernel", "inputs")] + [
    Path(__file__).parent / name for name in ("build_kernel.py", "door.py")
]
LIBM = Path("/usr/lib/wasm32-wasi/libc.a")
PLAIN_MACHINE = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
STACK_BYTES = 1 << 20


def sources_hash() -> str:
    """Names the text of everything that the module is made of."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in SOURCES)).hexdigest()


def tools() -> dict[str, str]:
    """Versions of what makes the module.

    raises : FileNotFoundError when the linker or the libm is missing
    """
    linker = shutil.which("wasm-ld")
    if linker is None or not LIBM.exists():
        raise FileNotFoundError("wasm-ld or wasi-libc is missing: apt-get install lld wasi-libc")
    version = subprocess.run([linker, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    made = {"wasm-ld": version, "libm": hashlib.sha256(LIBM.read_bytes()).hexdigest()[:16]}
    return made | {name: metadata.version(name) for name in ("numba", "llvmlite")}


def build(folder: Path) -> None:
    """Write kernel.wasm and kernel.json (what it was made of, and how its table is laid out) into a folder."""
    from door import compile_door  # late: it is compiled for a plain machine, which the environment must say before

    text, entry, layout = compile_door()
    (folder / "kernel.wasm").write_bytes(_linked(_object(_for_wasm(text, entry))))
    facts = {"sources": sources_hash(), "tools": tools(), "table": layout}
    facts["module"] = hashlib.sha256((folder / "kernel.wasm").read_bytes()).hexdigest()
    (folder / "kernel.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _for_wasm(text: str, entry: str) -> str:
    """Intermediate code without the wrappers for Python, and with a door that has a plain name."""
    kept, skipping = [], False
    for line in text.replace("= common ", "= ").split("\n"):
        skipping = skipping or (line.startswith("define") and re.search(r"@\"?(_ZN7cpython|cfunc\.)", line) is not None)
        if not skipping:
            kept.append(line)
        elif line == "}":
            skipping = False
    call = f'call i32 @"{entry}"(ptr %result, ptr %error, i64 %address)'
    door = f"%result = alloca ptr\n  %error = alloca ptr\n  %status = {call}\n  ret i32 %status"
    return "\n".join(kept) + f"\ndefine i32 @door(i64 %address) {{\n  {door}\n}}\n"


def _object(text: str) -> bytes:
    from llvmlite import binding as llvm  # late: as above

    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple("wasm32-unknown-unknown")
    features = "+bulk-memory,+nontrapping-fptoint,+sign-ext"
    machine = target.create_target_machine(cpu="generic", features=features, opt=3, reloc="static", codemodel="default")
    text = re.sub(r'target datalayout = ".*"', f'target datalayout = "{machine.target_data}"', text)
    text = re.sub(r'target triple = ".*"', 'target triple = "wasm32-unknown-unknown"', text)
    module = llvm.parse_assembly(text)
    module.verify()
    return bytes(machine.emit_object(module))


def _linked(compiled: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made, whole = Path(folder) / "kernel.o", Path(folder) / "kernel.wasm"
        made.write_bytes(compiled)
        how = ["--no-entry", "--export=door", "--export=__heap_base", "--gc-sections", "-O2", "--strip-all"]
        stack = ["--stack-first", "-z", f"stack-size={STACK_BYTES}"]
        subprocess.run(["wasm-ld", *how, *stack, "-o", str(whole), str(made), str(LIBM)], check=True)
        return whole.read_bytes()


def build_apart(folder: Path) -> None:
    """The same in a process of its own, compiled for a plain machine and from the beginning."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, **PLAIN_MACHINE, "NUMBA_CACHE_DIR": cache}
        subprocess.run([sys.executable, __file__, "--here", "--out", str(folder)], env=environment, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="compile the kernel for browsers")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for kernel.wasm and kernel.json")
    parser.add_argument("--here", action="store_true", help="in this process, whose environment says what machine to compile for")
    options = parser.parse_args()
    tools()
    (build if options.here else build_apart)(options.out)


if __name__ == "__main__":
    main()
