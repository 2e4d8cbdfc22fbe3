"""ro-crate-metadata.json beside results, so that archives know what lies there, from what it was made, how and when.

RO-Crate 1.1, w3id.org/ro/crate/1.1: plain JSON-LD. It is written here, as it takes a page of facts and no graph to be handled; the tests
read it with the library `rocrate`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from corredor.study.whole_file import replace_whole

NAME = "ro-crate-metadata.json"
FORMATS = {".nc": "application/x-netcdf", ".csv": "text/csv", ".html": "text/html", ".json": "application/json"}


def write_research_object(folder: Path, dataset: xr.Dataset, manifest: Mapping[str, Any]) -> Path:
    """Describe the files of a folder, which are there already.

    manifest : files, inputs (file → SHA-256), command, created
    """
    return _write(
        folder / NAME, {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph_of(folder, dataset, manifest)}
    )


def renew_research_object(folder: Path, names: Container[str]) -> None:
    """Describe some files of a folder anew, which were written again; where no description lies there, or a damaged one, there stays it."""
    try:
        crate = json.loads((folder / NAME).read_text(encoding="utf-8"))
        graph = [_file(folder, one["@id"]) if one["@type"] == "File" and one["@id"] in names else one for one in crate["@graph"]]
    except (OSError, ValueError, TypeError, KeyError):
        return
    _write(folder / NAME, {**crate, "@graph": graph})


def _write(target: Path, crate: Mapping[str, Any]) -> Path:
    text = json.dumps(crate, indent=1)
    replace_whole(target, lambda passing: passing.write_text(text + "\n", encoding="utf-8"))
    return target


def graph_of(folder: Path, dataset: xr.Dataset, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a description says: of the folder, how it was made, and its files with their checksums; the arguments of the above."""
    model = json.loads(dataset.attrs["model"])
    created, study = str(manifest.get("created", "")), dataset.attrs["study"]
    files = [_file(folder, name) for name in manifest["files"]]
    inputs = [
        {"@id": f"#input/{name}", "@type": "CreativeWork", "name": f"{name} of the study {study}", "sha256": digest}
        for name, digest in manifest.get("inputs", {}).items()
    ]
    program = {
        "@id": "#corredor",
        "@type": "SoftwareApplication",
        "name": "corredor",
        "softwareVersion": str(dataset.attrs.get("corredor_version", "")),
        "softwareRequirements": str(dataset.attrs.get("versions", "")),
        "license": "https://spdx.org/licenses/Apache-2.0",
    }
    making = {
        "@id": "#making",
        "@type": "CreateAction",
        "name": "Simulation",
        "description": str(manifest.get("command", "")),
        "endTime": created,
        "instrument": _to(program),
        "object": [_to(one) for one in inputs],
        "result": [_to(one) for one in files],
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": str(dataset.attrs["title"]),
        "description": f"{model['summary']} {dataset.attrs['draws']} draws, seed {dataset.attrs['seed']}, study {study}, "
        f"SHA-256 {dataset.attrs['study_hash']}.",
        "datePublished": created[:10],
        "license": model["licence"] or "Not stated by the study",
        "author": [{"@id": f"#author/{number}"} for number, _ in enumerate(model["authors"], 1)],
        "hasPart": [_to(one) for one in files],
        "mentions": _to(making),
    }
    authors = [{"@id": f"#author/{n}", "@type": "Organization", "name": name} for n, name in enumerate(model["authors"], 1)]
    itself = {
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    return [itself, root, making, program, *authors, *files, *inputs]


def _file(folder: Path, name: str) -> dict[str, Any]:
    content = (folder / name).read_bytes()
    kind = FORMATS.get(Path(name).suffix, "application/octet-stream")
    sums = {"contentSize": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}
    return {"@id": name, "@type": "File", "name": name, "encodingFormat": kind, **sums}


def _to(entity: Mapping[str, Any]) -> dict[str, Any]:
    return {"@id": entity["@id"]}
