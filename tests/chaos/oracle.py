# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true when everything has settled: every message that a client queued is on the server once and in order, says
what its author said last, answers what it was to answer, is liked by whom it should be and was acknowledged by everybody, and
every client has what the server has."""
import json
import time

from actors import key_of
from kith_client import pass_time

COUNTS = ("offered", "accepted", "delivered", "edited", "recalled", "liked", "replies")
# missing: queued and not on the server; different: a client's copy is not the server's; unread: counted unlike the server;
# unchanged, unliked, unrelated: an edit or recall, a like, a reply that is not as it was meant; unacknowledged: a delivered
# cursor that stays behind, or that a client shows unlike the server; unnoticed: an end of a silent socket that is still held.
FAULTS = ("missing", "duplicated", "reordered", "different", "unread", "unchanged", "unliked", "unrelated", "unacknowledged", "unnoticed")
PATIENCE_S = 60  # of a busy machine
RECEIPTS_S = 10  # an acknowledgement has no answer: it is awaited, for less than the eyes' tokens last


def history(eye, conversation):
    """All messages of it as that person's server has them, oldest first."""
    there, before = [], None
    while True:
        page = eye.request("page", {"conversation": conversation, "limit": 200, **({"before": before} if before else {})}, timeout=PATIENCE_S)
        if page["op"] == "error" or not page["d"]["messages"]:
            return sorted(there, key=lambda m: m["seq"])  # an error: nobody has written there
        there += page["d"]["messages"]
        before = page["d"]["messages"][-1]["seq"]


def row(message):
    """As chaos_client dumps it."""
    return (message["seq"], message["sender"], message["body"], message["likes"], message["liked"], message.get("reply_to") or 0)


def differences(here, there):
    """Of rows by their seq: what is not alike."""
    return [(a, b) for a, b in ((here.get(seq), there.get(seq)) for seq in sorted(here.keys() | there.keys())) if a != b]


def below(seqs, cursor):
    return max((seq for seq in seqs if seq <= cursor), default=0)


class Judge:
    """`people` are Puppets; `eye(name)` is a device of that person beside its proxy."""

    def __init__(self, people, conversations, eye, patience_s=RECEIPTS_S):
        self.people, self.conversations = people, conversations
        self.total = dict.fromkeys(COUNTS + FAULTS, 0)
        self.eyes = {one.name: eye(one.name) for one in people}
        until = time.monotonic() + patience_s
        while True:
            self.heads = {one.name: self.heads_of(one) for one in people}
            self.dumps = {one.name: json.loads(one.ask("dump")[5:]) for one in people}
            self.late = [text for conversation, members in conversations for text in self.lateness(conversation, members)]
            if not self.late or time.monotonic() > until:
                break
            pass_time(0.05)

    def heads_of(self, one):
        answer = self.eyes[one.name].request("sync", {"limit": 100}, timeout=PATIENCE_S)
        return {head["conversation"]: head for head in answer["d"]["conversations"]}

    def lateness(self, conversation, members):
        """What is known of the others' cursors and should not be so when all have everything."""
        for one in members:
            head = self.heads[one.name].get(conversation)
            if head and head.get("peer"):
                there = [head["peer"]["delivered_seq"], head["peer"]["read_seq"]]
                kept = self.dumps[one.name].get(conversation, {"peer": [0, 0], "messages": []})
                # What somebody wrote moves his own cursors without a receipt: it is the cursors at one's own messages that are shown.
                own = [m[0] for m in kept["messages"] if m[1] == one.id]
                if there[0] != head["head_seq"] or [below(own, c) for c in there] != [below(own, c) for c in kept["peer"]]:
                    yield f"{conversation}: to {one.name} the other is at {there}, shown as {kept['peer']}, of {head['head_seq']}"
            elif head:
                ask = {"conversation": conversation, "seq": head["head_seq"]}
                answer = self.eyes[one.name].request("receipts", ask, timeout=PATIENCE_S)
                lacking = {other.id for other in members} - {one.id, head["last"]["sender"]} - set(answer["d"]["delivered_to"])
                if lacking:
                    yield f"{conversation}: {head['head_seq']} did not get to {lacking}"

    def note(self, fault, text):
        self.total[fault] += 1
        print(f"     {fault}: {text[:1000]}", flush=True)

    def judge(self):
        for text in self.late:
            self.note("unacknowledged", text)
        for conversation, members in self.conversations:
            seen = {one.name: history(self.eyes[one.name], conversation) for one in members}
            there = seen[members[0].name]
            if [m["seq"] for m in there] != list(range(1, len(there) + 1)):
                self.note("reordered", f"{conversation} has gaps")
            spoken = [m for m in there if m["kind"] == "text"]
            written = [m for m in spoken if not m["recalled"]]
            self.total["accepted"] += len(spoken)
            self.total["recalled"] += len(spoken) - len(written)
            texts = [m["body"] for m in written]
            keys = [key_of(t) for t in texts]
            if len(keys) != len(set(keys)):
                self.note("duplicated", f"in {conversation}: {sorted(k for k in set(keys) if keys.count(k) > 1)}")
            for one in members:
                self.messages_of(one, conversation, texts)
                self.copy_of(one, conversation, seen[one.name])
            self.likes_in(conversation, members, seen)
            self.replies_in(conversation, members, written)
        for eye in self.eyes.values():
            eye.close()
        return self.total

    def messages_of(self, one, conversation, texts):
        """Those that this person wrote."""
        keys = [key_of(t) for t in texts]
        offered = [key_of(t) for c, t in one.offered if c == conversation]
        self.total["offered"] += len(offered)
        for _, text in (pair for pair in one.queued if pair[0] == conversation):
            if key_of(text) not in keys and None not in one.wanted.get(key_of(text), {text}):
                self.note("missing", f"'{text[:40]}' of {one.name} in {conversation}")
        mine = [k for k in keys if k.startswith(one.name + " ")]
        if mine != [k for k in offered if k in set(mine)]:
            self.note("reordered", f"what {one.name} wrote in {conversation}")
        for text in texts:
            allowed = one.wanted.get(key_of(text))
            if allowed:
                self.total["edited"] += text not in (t for _, t in one.offered)
                if text not in allowed:
                    self.note("unchanged", f"{one.name} in {conversation}: '{text}' should be {allowed}")

    def copy_of(self, one, conversation, there):
        """What this person's client keeps, beside what the server shows to that person."""
        kept = self.dumps[one.name].get(conversation, {"messages": [], "unread": 0, "unsent": 0})
        here = {m[0]: tuple(m) for m in kept["messages"]}
        self.total["delivered"] += sum(m[1] != one.id for m in here.values())
        unlike = differences(here, {m["seq"]: row(m) for m in there})
        if unlike or len(here) != len(kept["messages"]) or kept["unsent"]:
            self.note("different", f"{one.name} in {conversation}: unsent {kept['unsent']}; (here, on the server): {unlike[:4]}")
        head = self.heads[one.name].get(conversation)
        if head and head["unread"] != kept["unread"]:
            self.note("unread", f"{one.name} in {conversation}: {kept['unread']} here, {head['unread']} on the server")

    def likes_in(self, conversation, members, seen):
        counted = {}
        for one in members:
            for message in seen[one.name]:
                seq = message["seq"]
                counted[seq] = counted.get(seq, 0) + message["liked"]
                allowed = one.likes.get((conversation, seq), {False})
                if not message["recalled"] and message["liked"] not in allowed:
                    self.note("unliked", f"{one.name} in {conversation}: liked {message['liked']} of {seq} should be {allowed}")
        for message in seen[members[0].name]:
            self.total["liked"] += message["likes"] > 0
            if message["likes"] != counted[message["seq"]]:
                self.note("unliked", f"{conversation} {message['seq']}: {message['likes']} likes of {counted[message['seq']]} people")

    def replies_in(self, conversation, members, written):
        meant = {key: seq for one in members for key, seq in one.replies.items()}
        for message in written:
            target, key = message.get("reply_to") or None, key_of(message["body"])
            self.total["replies"] += target is not None
            if target != meant.get(key):
                self.note("unrelated", f"'{key}' in {conversation} answers {target} and should answer {meant.get(key)}")
