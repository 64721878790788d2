"""The bill as SPDX 2.3 JSON."""

import uuid

KINDS = {"application": "APPLICATION", "library": "LIBRARY", "data": "OTHER"}
HOW = {"static": "STATIC_LINK", "dynamic": "DYNAMIC_LINK", "depends": "DEPENDS_ON", "contains": "CONTAINS"}


def package(component):
    entry = {
        "SPDXID": f"SPDXRef-{component.key}",
        "name": component.name,
        "versionInfo": component.version,
        "supplier": f"Organization: {component.supplier}",
        "downloadLocation": component.source or "NOASSERTION",
        "filesAnalyzed": False,
        "primaryPackagePurpose": KINDS[component.kind],
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": component.licence or "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": component.purl}
        ],
    }
    if component.maintainer:
        entry["originator"] = f"Organization: {component.maintainer.replace('<', '(').replace('>', ')')}"
    if component.sha256:
        entry["checksums"] = [{"algorithm": "SHA256", "checksumValue": component.sha256}]
    if component.homepage:
        entry["homepage"] = component.homepage
    comment = " ".join(filter(None, [component.note, component.sha256_of and f"The checksum is of {component.sha256_of}."]))
    if comment:
        entry["comment"] = comment
    return entry


def files_of(component):
    for file in component.files:
        yield {
            "SPDXID": f"SPDXRef-File-{file.sha256[:24]}",
            "fileName": "." + file.path,
            "fileTypes": ["BINARY"],
            "checksums": [
                {"algorithm": "SHA1", "checksumValue": file.sha1},
                {"algorithm": "SHA256", "checksumValue": file.sha256},
            ],
            "licenseConcluded": "NOASSERTION",
            "copyrightText": "NOASSERTION",
        }


def relationship(start, how, end):
    return {"spdxElementId": start, "relationshipType": how, "relatedSpdxElement": end}


def document(bill, tool):
    parts = [bill.program, *bill.components]
    links = [relationship("SPDXRef-DOCUMENT", "DESCRIBES", f"SPDXRef-{bill.program.key}")]
    files, texts = {}, {}
    for component in parts:
        texts.update(component.licence_texts)
        for file in files_of(component):
            files[file["SPDXID"]] = file
            links.append(relationship(f"SPDXRef-{component.key}", "CONTAINS", file["SPDXID"]))
        if component.needed == "excluded":
            links.append(relationship(f"SPDXRef-{component.key}", "OPTIONAL_DEPENDENCY_OF", f"SPDXRef-{bill.program.key}"))
    for start, how, end in sorted(set(bill.links)):
        if how == "runtime":
            links.append(relationship(f"SPDXRef-{end}", "RUNTIME_DEPENDENCY_OF", f"SPDXRef-{start}"))
        else:
            links.append(relationship(f"SPDXRef-{start}", HOW[how], f"SPDXRef-{end}"))
    name = f"{bill.program.name}-{bill.program.version}"
    made = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{uuid.uuid5(uuid.NAMESPACE_OID, bill.program.sha256)}",
        "creationInfo": {"created": bill.created, "creators": [f"Tool: {tool}", f"Organization: {bill.program.supplier}"]},
        "packages": [package(component) for component in parts],
        "files": [files[key] for key in sorted(files)],
        "relationships": links,
    }
    if texts:
        made["hasExtractedLicensingInfos"] = [
            {"licenseId": key, "name": key.removeprefix("LicenseRef-"), "extractedText": texts[key]} for key in sorted(texts)
        ]
    return made
