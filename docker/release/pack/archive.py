"""Archives that depend on nothing but what is in them: sorted, one time, one owner, modes of two kinds."""

import gzip
import hashlib
import io
import tarfile
from pathlib import Path

from bill import Mistake


def write(folder, path, seconds):
    """A .tar.gz of a folder, with the folder's name before every member's."""
    folder, path = Path(folder), Path(path)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for member in [folder, *sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix())]:
                entry = tarfile.TarInfo((Path(folder.name) / member.relative_to(folder)).as_posix())
                entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = seconds, 0, 0, "root", "root"
                if member.is_symlink() or not (member.is_dir() or member.is_file()):
                    raise Mistake(f"{member} is neither a file nor a folder: leave it out")
                if member.is_dir():
                    entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                    tar.addfile(entry)
                else:
                    data = member.read_bytes()
                    entry.size, entry.mode = len(data), 0o755 if member.stat().st_mode & 0o100 else 0o644
                    tar.addfile(entry, io.BytesIO(data))
    part.replace(path)


def faults(path):
    """What makes an archive depend on more than its contents, or unsafe to unpack."""
    path = Path(path)
    top = path.name.removesuffix(".tar.gz")
    head = path.read_bytes()[:10]
    if head[3] & 8 or head[4:8] != bytes(4):
        yield "the gzip header has a name or a time"
    with tarfile.open(path) as tar:
        members = tar.getmembers()
    names = [member.name for member in members]
    if names != sorted(names, key=lambda name: name.removeprefix(top).lstrip("/")):
        yield "its members are not sorted"
    if len({member.mtime for member in members}) > 1:
        yield "its members have several times"
    for member in members:
        if not (member.name == top or member.name.startswith(top + "/")) or ".." in member.name.split("/"):
            yield f"{member.name} lies outside of {top}"
        if not (member.isfile() or member.isdir()):
            yield f"{member.name} is neither a file nor a folder"
        if (member.uid, member.gid, member.uname, member.gname) != (0, 0, "root", "root"):
            yield f"{member.name} belongs to somebody"
        if member.mode not in (0o644, 0o755):
            yield f"{member.name} has the mode {member.mode:o}"


def sha256(path):
    with Path(path).open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def write_sums(files, path):
    """In the form of `sha256sum --check`."""
    Path(path).write_text("".join(f"{sha256(file)}  {Path(file).name}\n" for file in files))


def check_sums(path):
    """The names whose sums are right; refuses others."""
    names = []
    for line in Path(path).read_text().splitlines():
        wanted, _, name = line.partition("  ")
        if not name or "/" in name:
            raise Mistake(f"{path} has a line that is no checksum: pack again (make rc-pack)")
        file = Path(path).parent / name
        if not file.exists():
            raise Mistake(f"{file} is missing: pack again (make rc-pack)")
        if sha256(file) != wanted:
            raise Mistake(f"{file} is not what its checksum says: get it again")
        names.append(name)
    return names
