"""Licences from Debian's machine-readable copyright files (copyright-format 1.0), as SPDX expressions."""

import re
from pathlib import Path

# Debian's short names that SPDX calls otherwise. What is in neither becomes a LicenseRef with its text.
NAMES = {
    "expat": "MIT", "mit": "MIT", "x11": "X11", "isc": "ISC", "zlib": "Zlib", "zlib/libpng": "Zlib", "bsl-1.0": "BSL-1.0", "boost": "BSL-1.0",
    "boost-1.0": "BSL-1.0", "apache-2": "Apache-2.0", "apache-2.0": "Apache-2.0", "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause", "bsd-4-clause": "BSD-4-Clause", "bsd-2": "BSD-2-Clause", "bsd-3": "BSD-3-Clause",
    "ftl": "FTL", "libpng": "Libpng", "mpl-1.1": "MPL-1.1", "mpl-2.0": "MPL-2.0", "unlicense": "Unlicense", "cc0": "CC0-1.0",
    "cc0-1.0": "CC0-1.0", "ofl-1.1": "OFL-1.1", "sil-ofl-1.1": "OFL-1.1", "wtfpl": "WTFPL", "unicode": "Unicode-DFS-2016",
    "artistic": "Artistic-1.0", "artistic-2.0": "Artistic-2.0", "0bsd": "0BSD", "openssl": "OpenSSL", "ijg": "IJG", "curl": "curl",
    "cc-by-3.0": "CC-BY-3.0", "cc-by-4.0": "CC-BY-4.0", "cc-by-sa-3.0": "CC-BY-SA-3.0", "python-2.0": "Python-2.0",
    "icu": "ICU", "mit-0": "MIT-0", "bsd-0-clause": "0BSD", "ms-pl": "MS-PL", "sgi-b-2.0": "SGI-B-2.0",
}
GNU = re.compile(r"(A?GPL|LGPL|GFDL)-?v?([0-9](?:\.[0-9])?)(\+)?$", re.I)


def spdx_name(name):
    """The SPDX identifier, or None."""
    gnu = GNU.match(name)
    if gnu:
        version = gnu[2] if "." in gnu[2] else gnu[2] + ".0"
        return f"{gnu[1].upper()}-{version}-{'or-later' if gnu[3] else 'only'}"
    return NAMES.get(name.lower())


def paragraphs(text):
    """deb822 paragraphs: field -> value, continuation lines kept."""
    for block in re.split(r"\n\s*\n", text):
        fields, name = {}, None
        for line in block.splitlines():
            if line[:1] in (" ", "\t") and name:
                fields[name] += "\n" + line.strip()
            elif ":" in line and not line.startswith("#"):
                name, value = line.split(":", 1)
                name = name.lower()
                fields[name] = value.strip()
        if fields:
            yield fields


def read(package, folder="/usr/share/doc"):
    """(expression, texts of its LicenseRefs); ("", {}) where the file is not machine-readable."""
    path = Path(folder) / package / "copyright"
    if not path.exists():
        return "", {}
    return parse(package, path.read_text(errors="replace"))


def parse(package, text):
    parts = list(paragraphs(text))
    if not parts or "copyright-format" not in parts[0].get("format", "").replace("/dep5", "/copyright-format"):
        return "", {}
    bodies, stated = {}, []
    for fields in parts:
        synopsis, _, body = fields.get("license", "").partition("\n")
        synopsis = " ".join(synopsis.split())
        if not synopsis:
            continue
        if body:
            bodies.setdefault(synopsis.lower(), body)
        # How Debian packaged it is not what it is.
        if "files" in fields and not re.fullmatch(r"(debian/\S*\s*)+", fields["files"] + " "):
            stated.append(synopsis)
    terms, texts = set(), {}
    for synopsis in dict.fromkeys(stated):
        term = expression(package, synopsis, bodies, texts)
        terms.update([term] if " OR " in term else term.split(" AND "))
    return " AND ".join(f"({term})" if " OR " in term and len(terms) > 1 else term for term in sorted(terms)), texts


def expression(package, synopsis, bodies, texts):
    """One synopsis, such as "GPL-2+ or Artistic", as an SPDX expression."""
    words, result = re.split(r"\s+(and|or)\s+|,\s+(?:(and|or)\s+)?", synopsis), []
    for word in words:
        if word is None:
            continue
        if word in ("and", "or"):
            if result and result[-1] not in ("AND", "OR"):
                result.append(word.upper())
            continue
        if result and result[-1] not in ("AND", "OR"):
            result.append("OR" if " or " in synopsis and " and " not in synopsis else "AND")
        name = spdx_name(word.strip())
        if name is None:
            name = "LicenseRef-debian-" + re.sub(r"[^A-Za-z0-9.]+", "-", f"{package}-{word}").strip("-")
            texts[name] = bodies.get(word.lower()) or bodies.get(synopsis.lower()) or f"{word}, as in /usr/share/doc/{package}/copyright"
        result.append(name)
    return " ".join(result)  # "and" binds closer than "or", for Debian as for SPDX.
