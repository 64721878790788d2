"""Writes the bill of materials of a built program, as SPDX 2.3 and as CycloneDX 1.6 JSON.

    python3 docker/release/sbom --scratch .build --output .build/sbom --runtime mesa-vulkan-drivers fonts-inter
"""

import argparse
import json
import os
import sys
from pathlib import Path

import cyclonedx_document
import program_parts
import spdx_document
from bill import Mistake


def main():
    parser = argparse.ArgumentParser(prog="sbom", description="Write the bill of materials of a built phi-matrix.")
    parser.add_argument("--scratch", default=".build", help="the folder that it was built in (.build)")
    parser.add_argument("--binary", help="the program (SCRATCH/release/phi-matrix)")
    parser.add_argument("--output", default=".build/sbom", help="the folder to write into (.build/sbom)")
    parser.add_argument("--runtime", nargs="*", default=[], metavar="PACKAGE", help="Debian packages found at run time, not linked")
    options = parser.parse_args()
    os.environ["TZ"] = "UTC"
    os.environ["LC_ALL"] = "C.UTF-8"
    root = Path(__file__).resolve().parents[3]
    binary = Path(options.binary or f"{options.scratch}/release/phi-matrix").resolve()
    if not binary.exists():
        raise Mistake(f"{binary} is missing: build first (make build)")
    bill = program_parts.collect(root, Path(options.scratch).resolve(), binary, options.runtime)
    tool, folder = f"phi-matrix-sbom-{bill.program.version}", Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{bill.program.name}-{bill.program.version}"
    for suffix, made in (("spdx.json", spdx_document.document(bill, tool)), ("cdx.json", cyclonedx_document.document(bill, tool))):
        path = folder / f"{name}.{suffix}"
        path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
        print(path)
    counts = {}
    for part in bill.components:
        counts[part.purl.split("/")[0]] = counts.get(part.purl.split("/")[0], 0) + 1
    stated = sum(1 for part in bill.components if part.licence)
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    print(f"{len(bill.components)} components ({listed}), {stated} with a licence stated, {len(bill.links)} links", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except Mistake as mistake:
        print(f"sbom: {mistake}.", file=sys.stderr)
        sys.exit(1)
