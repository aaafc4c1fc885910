#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files and avatars: PROTOCOL.md §6."""
import hashlib
import os
import struct
import zlib

SECTION = "§6"


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(seed=0, extra=b"", side=8):
    rows = b"".join(b"\0" + os.urandom(3 * side) if seed is None else b"\0" + bytes((seed + i) % 256 for i in range(3 * side)) for _ in range(side))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + extra +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND"))


def announce(w, token, data, mime="image/png", name="a.png", piece=65536, **other):
    body = {"name": name, "size": len(data), "mime": mime, "sha256": hashlib.sha256(data).hexdigest(), "chunk": piece, **other}
    return w.http("POST", "/v1/files", body, token=token)


def patch(w, token, ident, offset, data, **headers):
    head = {"Upload-Offset": str(offset)} if offset is not None else {}
    return w.http("PATCH", f"/v1/files/{ident}", token=token, raw=data, headers={**head, **headers})


def upload(w, token, data, piece=65536, **kw):
    """The id, or the answer that refused it."""
    a = announce(w, token, data, piece=piece, **kw)
    if a.status != 201:
        return a
    at = a.json["offset"]
    while at < len(data):
        p = patch(w, token, a.json["id"], at, data[at:at + piece])
        if p.status != 204:
            return p
        at = int(p.headers["upload-offset"])
    return a.json["id"]


def get(w, token, ident, method="GET", **headers):
    return w.http(method, f"/v1/files/{ident}", token=token, headers={k.replace("_", "-"): v for k, v in headers.items()})


def check_upload_goes_on(w, t):
    a, b = w.user("fila"), w.user("filb")
    ta, tb = a.login().json["access_token"], b.login().json["access_token"]
    data = os.urandom(300_000)
    first = announce(w, ta, data, mime="application/octet-stream", piece=100_000)
    t.check("an announced file has an id and stands at 0", first.status == 201 and first.json.get("offset") == 0 and first.json.get("id"), SECTION, "201 {id, offset 0}", first.brief())
    ident = first.json["id"]
    p = patch(w, ta, ident, 0, data[:100_000])
    t.check("a piece is taken", p.status == 204 and p.headers.get("upload-offset") == "100000", SECTION, "204, 100000", p.brief())
    h = get(w, ta, ident, "HEAD")
    t.check("HEAD tells where to go on", h.status == 200 and h.headers.get("upload-offset") == "100000" and h.headers.get("upload-length") == "300000", SECTION, "100000 of 300000", h.headers)
    again = announce(w, ta, data, mime="application/octet-stream", piece=100_000)
    t.check("the same announcement goes on", again.status == 201 and again.json == {"id": ident, "offset": 100_000}, SECTION, "same id, 100000", again.brief())
    wrong = patch(w, ta, ident, 0, data[:10])
    t.check("a wrong offset is 409 with the right one", wrong.status == 409 and wrong.code == "version_conflict" and wrong.headers.get("upload-offset") == "100000", SECTION, "409 version_conflict, 100000", wrong.brief())
    t.check("more than the chunk is 413", patch(w, ta, ident, 100_000, data[100_000:200_001]).status == 413, SECTION, 413, "other")
    t.check("an unfinished file cannot be read", get(w, ta, ident).status == 404, SECTION, 404, "other")
    for name, answer in (("PATCH", patch(w, tb, ident, 100_000, b"x")), ("HEAD", get(w, tb, ident, "HEAD")), ("GET", get(w, tb, ident))):
        t.check(f"{name} of somebody else's upload is 404", answer.status == 404, SECTION, 404, answer.brief())
    for at in (100_000, 200_000):
        p = patch(w, ta, ident, at, data[at:at + 100_000])
    t.check("the last piece is taken", p.status == 204 and p.headers.get("upload-offset") == "300000", SECTION, "204, 300000", p.brief())
    whole = get(w, ta, ident)
    good = whole.status == 200 and whole.raw == data
    t.check("what was sent comes back", good, SECTION, "200 and the bytes", f"{whole.status} {len(whole.raw)}")
    want = {"content-type": "application/octet-stream", "content-length": "300000", "accept-ranges": "bytes", "cache-control": "private",
            "x-content-type-options": "nosniff", "etag": f'"{hashlib.sha256(data).hexdigest()}"'}
    t.check("its headers", all(whole.headers.get(k) == v for k, v in want.items()), SECTION, want, whole.headers)
    t.check("a stranger does not see it", get(w, tb, ident).status == 404 and get(w, tb, ident, "HEAD").status == 404, SECTION, 404, "other")
    same = announce(w, tb, data, mime="application/octet-stream")
    t.check("what another has stored must be sent all the same", same.status == 201 and same.json["offset"] == 0 and same.json["id"] != ident, SECTION, "a new upload at 0", same.brief())
    for rng, status, part in (("bytes=0-9", 206, data[:10]), ("bytes=299990-", 206, data[-10:]), ("bytes=-5", 206, data[-5:]),
                              ("bytes=131000-132000", 206, data[131000:132001]), ("bytes=0-999999999", 206, data), ("bytes=-999999999", 206, data),
                              ("bytes=5-2", 200, data), ("bytes=0-1,3-4", 200, data), ("lines=1-2", 200, data), ("bytes=a-b", 200, data),
                              ("bytes=300000-", 416, None), ("bytes=-0", 416, None), ("bytes=99999999999999999999-", 416, None)):
        r = get(w, ta, ident, Range=rng)
        right = r.status == status and (part is None or r.raw == part)
        if status == 206:
            begin = data.find(part)
            right = right and r.headers.get("content-range") == f"bytes {begin}-{begin + len(part) - 1}/300000"
        if status == 416:
            right = right and r.headers.get("content-range") == "bytes */300000"
        t.check(f"Range: {rng}", right, SECTION, f"{status}", f"{r.status} {len(r.raw)} {r.headers.get('content-range')}")


def check_hashes_and_pictures(w, t):
    a = w.user("filc")
    ta = a.login().json["access_token"]
    data = os.urandom(1000)
    lie = announce(w, ta, data, mime="text/plain", sha256=hashlib.sha256(b"other").hexdigest())
    p = patch(w, ta, lie.json["id"], 0, data)
    t.check("bytes that were not announced are 422", p.status == 422 and p.code == "malformed" and p.error.get("field") == "sha256", SECTION, "422 malformed sha256", p.brief())
    h = get(w, ta, lie.json["id"], "HEAD")
    t.check("…and the upload begins again", h.headers.get("upload-offset") == "0", SECTION, 0, h.headers)
    fake = upload(w, ta, b"<html>no picture</html>")
    t.check("a PNG that is none is refused", not isinstance(fake, str) and fake.code == "malformed" and fake.error.get("field") == "mime", SECTION, "malformed mime", getattr(fake, "raw", fake))
    told = png(3, chunk(b"tEXt", b"Comment\0taken at home") + chunk(b"eXIf", b"MM\0*GPS 52.5,13.4") + chunk(b"tIME", bytes(7)))
    ident = upload(w, ta, told)
    r = get(w, ta, ident)
    t.check("a picture's metadata is gone, its pixels are not", r.status == 200 and r.raw == png(3), SECTION, "the bare picture", r.raw[:80])
    t.check("…and the tag is that of what is kept", r.headers.get("etag") == f'"{hashlib.sha256(png(3)).hexdigest()}"', SECTION, "sha256 of the answer", r.headers.get("etag"))
    for name, change in (("size 0", {"size": 0}), ("a negative size", {"size": -5}), ("no chunk", {"chunk": 0}), ("a chunk of 2 MiB", {"chunk": 2 << 20}),
                         ("a header in mime", {"mime": "image/png\r\nX: y"}), ("a mime with parameters", {"mime": "text/html; charset=x"}), ("a line break in name", {"name": "a\r\nb"}),
                         ("a short hash", {"sha256": "ab"}), ("a hash in capitals", {"sha256": "A" * 64}), ("a size that is text", {"size": "7"})):
        x = announce(w, ta, data, **change)
        t.check(f"{name} is refused", x.status == 400 and x.code == "malformed", SECTION, "400 malformed", x.brief())
    x = announce(w, ta, data, size=100 * 1024 * 1024 + 1)
    t.check("above 100 MiB is 413", x.status == 413 and x.code == "too_large", SECTION, "413 too_large", x.brief())
    up = announce(w, ta, data, mime="text/plain")
    for name, offset in (("no Upload-Offset", None), ("a negative one", "-1"), ("a huge one", "9" * 30), ("text", "ten")):
        x = patch(w, ta, up.json["id"], offset, data)
        t.check(f"{name} is refused", x.status == 400 and x.code == "malformed", SECTION, "400 malformed", x.brief())
    x = patch(w, ta, up.json["id"], 2 ** 50, data)
    t.check("an offset beyond the end is a conflict", x.status == 409 and x.headers.get("upload-offset") == "0", SECTION, "409, 0", x.brief())
    x = patch(w, ta, up.json["id"], 0, data + b"more")
    t.check("more than the size is 413", x.status == 413, SECTION, 413, x.brief())
    x = patch(w, ta, up.json["id"], 0, bytes((1 << 20) + 1))
    t.check("a body above 1 MiB is 413", x.status == 413, SECTION, 413, x.brief())
    x = patch(w, None, up.json["id"], 0, bytes(200_000))
    t.check("a large body without a token is not read", x.status == 401, SECTION, 401, x.brief())
    x = w.http("POST", "/v1/files", raw=b"{" + b" " * 70_000 + b"}", token=ta)
    t.check("other calls keep their limit of 64 KiB", x.status == 413, SECTION, 413, x.brief())
    for path in ("..%2f..%2fetc%2fpasswd", "%2e%2e", "..", "x" * 500, "00000000-0000-4000-8000-000000000000", "' OR 1=1 --".replace(" ", "%20")):
        t.check(f"GET /v1/files/{path[:24]} is 404", get(w, ta, path).status == 404, SECTION, 404, "other")
    made = [announce(w, ta, os.urandom(8) + bytes([i]), mime="text/plain").status for i in range(25)]
    t.check("only so many unfinished uploads", made.count(201) == 18 and made.count(429) == 7 and made[-1] == 429, SECTION, "20 with the two before", made)


def check_avatars(w, t):
    a, b, c = w.user("gesa"), w.user("gesb"), w.user("gesc")
    ka, kb, kc = a.connect(), b.connect(), c.connect()
    ta, tb, tc = (k.tokens["access_token"] for k in (ka, kb, kc))
    t.check("hello tells of avatars", "avatars" in ka.hello["features"], SECTION, "avatars", ka.hello["features"])
    face, badge = upload(w, ta, png(1)), upload(w, ta, png(2))
    t.check("before it is an avatar nobody else sees it", get(w, tb, face).status == 404, SECTION, 404, "other")
    x = w.http("PATCH", "/v1/me", {"avatar": face}, token=ta)
    t.check("an own picture becomes the avatar", x.status == 200 and x.json["user"]["avatar"] == face, SECTION, face, x.brief())
    t.check("everybody who is logged in sees it", get(w, tb, face).raw == png(1) and get(w, tc, face, "HEAD").status == 200, SECTION, "200", "other")
    t.check("nobody else", get(w, None, face).status == 401, SECTION, 401, "other")
    kb.request("send", {"to": a.id, "cid": __import__("uuid").uuid4().hex[:8] + "-0000-4000-8000-000000000001", "kind": "text", "body": "hi"})
    heads = kb.request("sync", {})["d"]["conversations"]
    t.check("a private head has the peer's avatar", any(h["avatar"] == face for h in heads), SECTION, face, [h["avatar"] for h in heads])
    for name, value, code in (("somebody else's", badge, "not_found"), ("an unknown one", "00000000-0000-4000-8000-000000000000", "not_found"), ("no id at all", "face", "not_found")):
        x = w.http("PATCH", "/v1/me", {"avatar": value}, token=tb)
        t.check(f"{name} is no avatar", x.code == code and x.error.get("field") == "avatar", SECTION, f"{code} avatar", x.brief())
    half = announce(w, ta, png(9)).json["id"]
    note = upload(w, ta, b"text", mime="text/plain")
    large = upload(w, ta, png(None, side=700), piece=1 << 20)
    for name, value in (("an unfinished one", half), ("a text", note), ("one above 1 MiB", large)):
        x = w.http("PATCH", "/v1/me", {"avatar": value}, token=ta)
        t.check(f"{name} is no avatar", x.status == 400 and x.code == "malformed" and x.error.get("field") == "avatar", SECTION, "400 malformed avatar", x.brief())
    g = ka.request("conversation.create", {"name": "Faces", "members": [b.id]})["d"]["conversation"]["conversation"]
    kb.push("conversation", lambda d: d["conversation"]["conversation"] == g)
    e = ka.request("conversation.update", {"conversation": g, "avatar": badge})
    t.check("a group gets an avatar", e["op"] == "ok", SECTION, "ok", e)
    d = kb.push("conversation", lambda d: d["conversation"]["avatar"] == badge)
    t.check("…and its members learn of it", d is not None, SECTION, "a push of the head", d)
    t.check("a member sees it, a stranger does not", get(w, tb, badge).raw == png(2) and get(w, tc, badge).status == 404, SECTION, "200 and 404", "other")
    e = ka.request("conversation.update", {"conversation": g, "avatar": note})
    t.check("a text is no avatar of a group", e["op"] == "error" and e["d"]["code"] == "malformed" and e["d"]["field"] == "d.avatar", SECTION, "malformed d.avatar", e)
    e = ka.request("conversation.update", {"conversation": g, "avatar": "face"})
    t.check("an unknown file neither", e["op"] == "error" and e["d"]["code"] == "not_found" and e["d"]["field"] == "d.avatar", SECTION, "not_found d.avatar", e)
    kb.request("conversation.leave", {"conversation": g})
    t.check("who has left does not see it any more", get(w, tb, badge).status == 404, SECTION, 404, "other")
    e = ka.request("conversation.update", {"conversation": g, "avatar": ""})
    t.check("an empty text takes it away", e["op"] == "ok" and ka.request("sync", {})["d"]["conversations"][0]["avatar"] == "", SECTION, "ok, empty", e)
    x = w.http("PATCH", "/v1/me", {"avatar": ""}, token=ta)
    t.check("…from a person too", x.status == 200 and x.json["user"]["avatar"] == "" and get(w, tb, face).status == 404, SECTION, "200, empty, 404", x.brief())


FAST = [check_upload_goes_on, check_hashes_and_pictures, check_avatars]
