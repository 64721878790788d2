"""The bill as CycloneDX 1.6 JSON."""

import uuid


def component(part):
    entry = {
        "type": part.kind,
        "bom-ref": part.key,
        "supplier": {"name": part.supplier},
        "name": part.name,
        "version": part.version,
        "scope": part.needed,
        "purl": part.purl,
    }
    if part.maintainer:
        name, _, address = part.maintainer.rstrip(">").partition(" <")
        entry["authors"] = [{"name": name, "email": address} if address else {"name": name}]
    if part.sha256:
        entry["hashes"] = [{"alg": "SHA-256", "content": part.sha256}]
    if part.licence:
        entry["licenses"] = [{"expression": part.licence, "acknowledgement": "declared"}]
    references = []
    if part.homepage:
        references.append({"type": "website", "url": part.homepage})
    if part.source:
        references.append({"type": "vcs", "url": part.source})
    if references:
        entry["externalReferences"] = references
    properties = []
    if part.note:
        properties.append({"name": "phi-matrix:note", "value": part.note})
    if part.sha256_of:
        properties.append({"name": "phi-matrix:hash-of", "value": part.sha256_of})
    if properties:
        entry["properties"] = properties
    if part.files:
        entry["components"] = [
            {
                "type": "file",
                "bom-ref": f"{part.key}:{file.path}",
                "name": file.path,
                "hashes": [{"alg": "SHA-1", "content": file.sha1}, {"alg": "SHA-256", "content": file.sha256}],
            }
            for file in part.files
        ]
    return entry


def document(bill, tool):
    depends = {part.key: set() for part in [bill.program, *bill.components]}
    for start, _, end in bill.links:
        depends[start].add(end)
    name, version = tool.rsplit("-", 1)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, bill.program.sha256)}",
        "version": 1,
        "metadata": {
            "timestamp": bill.created,
            "lifecycles": [{"phase": "build"}],
            "tools": {"components": [{"type": "application", "name": name, "version": version}]},
            "component": component(bill.program),
            "supplier": {"name": bill.program.supplier},
        },
        "components": [component(part) for part in bill.components],
        "dependencies": [{"ref": key, "dependsOn": sorted(depends[key])} for key in sorted(depends)],
    }
