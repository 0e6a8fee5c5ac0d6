"""MP3 and MP4 files that are nothing but their tags, by hand."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .case import Case
from .pictures import exif, saved, scene
from .word import SECRET

MP3 = "audio/mpeg"
MP4 = "video/mp4"
SOUND = b"\xff\xfb\x90\x00" + bytes(413)


def seven_bits(number: int) -> bytes:
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))


def id3(*frames: tuple[str, bytes], version: int = 3, behind: bytes = b"") -> bytes:
    body = b""
    for name, content in frames:
        if version == 2:
            body += name.encode() + len(content).to_bytes(3, "big") + content
        else:
            size = seven_bits(len(content)) if version == 4 else struct.pack(">L", len(content))
            body += name.encode() + size + b"\0\0" + content
    body += bytes(64)
    return b"ID3" + bytes([version, 0, 0]) + seven_bits(len(body)) + body + SOUND + behind


def box(kind: bytes, *inner: bytes) -> bytes:
    content = b"".join(inner)
    return struct.pack(">L4s", 8 + len(content), kind) + content


def mp4(*user: bytes, more: bytes = b"") -> bytes:
    start = box(b"ftyp", b"isom\0\0\2\0isommp42")
    return start + box(b"moov", box(b"mvhd", bytes(100)), *user) + box(b"mdat", bytes(64)) + more


def item(kind: bytes, text: bytes) -> bytes:
    return box(kind, box(b"data", struct.pack(">LL", 1, 0), text))


def tags(*items: bytes) -> bytes:
    handler = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    return box(b"udta", box(b"meta", bytes(4), handler, box(b"ilst", *items)))


def case(
    name: str,
    data: bytes,
    *blockers: str,
    warnings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    hidden: str = "",
) -> Case:
    kind = MP4 if data[4:8] == b"ftyp" else MP3
    return Case(
        f"recording-{name}",
        data,
        kind,
        "recorder (by hand)",
        frozenset(blockers),
        frozenset(warnings),
        frozenset(notes),
        hidden,
    )


def cases() -> Iterator[Case]:
    said = b"\0" + SECRET.encode()
    comment, person, title = "recording-comment", "recording-person", "recording-title"
    yield case("mp3-plain", SOUND)
    yield case("mp3-empty-tag", id3())
    for version, names in (
        (2, ("COM", "TP1", "TT2")),
        (3, ("COMM", "TPE1", "TIT2")),
        (4, ("COMM", "TPE1", "TIT2")),
    ):
        spoken = b"\0eng\0" + SECRET.encode()
        yield case(
            f"mp3-comment-{version}",
            id3((names[0], spoken), version=version),
            warnings=(comment,),
            hidden=SECRET,
        )
        yield case(
            f"mp3-artist-{version}",
            id3((names[1], said), version=version),
            warnings=(person,),
            hidden=SECRET,
        )
        yield case(
            f"mp3-title-{version}",
            id3((names[2], b"\0A review"), version=version),
            notes=(title,),
        )
    wide = b"\1" + SECRET.encode("utf-16")
    yield case("mp3-wide", id3(("TPE1", wide)), warnings=(person,), hidden=SECRET)
    attached = b"\0application/zip\0a.zip\0\0PK\3\4"
    yield case("mp3-object", id3(("GEOB", attached)), "recording-attachment")
    yield case("mp3-private", id3(("PRIV", b"owner\0" + bytes(8))), notes=("recording-attachment",))
    old = b"TAG" + bytes(30) + SECRET.encode()[:30].ljust(30, b"\0") + bytes(65)
    path = r"C:\Users\asparrow\Child E.wav"
    yield case(
        "mp3-path",
        id3(("TXXX", b"\0source\0" + path.encode())),
        warnings=("recording-path", comment),
        hidden="asparrow",
    )
    yield case("mp3-encoder", id3(("TSSE", b"\0Lavf60")), notes=("recording-program",))
    yield case("mp3-old-tag", SOUND + old, warnings=(person,), hidden=SECRET[:30])
    ape = b"APETAGEX" + bytes(24) + b"Comment\0" + SECRET.encode()
    yield case("mp3-ape", SOUND + ape, warnings=(comment,), hidden=SECRET)
    place = exif(gps={1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 30.0)})
    for name, cover in (
        ("cover", saved(scene())),
        ("cover-with-place", saved(scene(), exif=place)),
    ):
        picture = b"\0image/jpeg\0\3\0" + cover
        blockers = ("image-position",) if "place" in name else ()
        yield case(f"mp3-{name}", id3(("APIC", picture)), *blockers)
        yield case(f"mp4-{name}", mp4(tags(item(b"covr", cover))), *blockers)

    yield case("mp4-plain", mp4())
    yield case("mp4-empty-tags", mp4(tags()))
    where = "+51.5000-000.1250/"
    spoken = struct.pack(">HH", len(where), 0x15C7) + where.encode()
    position = "recording-position"
    yield case("mp4-position", mp4(box(b"udta", box(b"\xa9xyz", spoken))), position)
    yield case(
        "mp4-position-3gp", mp4(box(b"udta", box(b"loci", bytes(6) + b"Larch Lane\0"))), position
    )
    key = b"com.apple.quicktime.location.ISO6709"
    keys = box(
        b"keys", bytes(4), struct.pack(">L", 1), struct.pack(">L", 8 + len(key)), b"mdta", key
    )
    values = box(b"ilst", item(struct.pack(">L", 1), where.encode()))
    handler = box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
    yield case("mp4-position-keys", mp4(box(b"meta", handler, keys, values)), position)
    yield case(
        "mp4-comment",
        mp4(tags(item(b"\xa9cmt", SECRET.encode()))),
        warnings=(comment,),
        hidden=SECRET,
    )
    yield case(
        "mp4-artist",
        mp4(tags(item(b"\xa9ART", SECRET.encode()))),
        warnings=(person,),
        hidden=SECRET,
    )
    free = box(b"----", box(b"mean", bytes(4), b"org.x"), box(b"name", bytes(4), b"note"),
               box(b"data", bytes(8), SECRET.encode()))  # fmt: skip
    yield case("mp4-free-form", mp4(tags(free)), warnings=(comment,), hidden=SECRET)
    yield case("mp4-title", mp4(tags(item(b"\xa9nam", b"A review"))), notes=(title,))
    yield case(
        "mp4-path",
        mp4(tags(item(b"\xa9nam", path.encode()))),
        warnings=("recording-path",),
        notes=(title,),
        hidden="asparrow",
    )
    yield case("mp4-encoder", mp4(tags(item(b"\xa9too", b"Lavf60"))), notes=("recording-program",))
    yield case(
        "mp4-in-a-track",
        mp4(box(b"trak", box(b"udta", box(b"auth", bytes(6), SECRET.encode())))),
        warnings=(person,),
        hidden=SECRET,
    )
    attachment = "recording-attachment"
    yield case("mp4-zip-behind", mp4(more=b"\xff\xff\xff\xffPK\3\4" + bytes(30)), attachment)
    yield case("mp4-words-behind", mp4(more=SECRET.encode()), warnings=(attachment,), hidden=SECRET)
    yield case("mp4-zeros-behind", mp4(more=bytes(6)))
