# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection that goes silent without a word: what one side says is lost, or what both say. The client and the server must find
out, each by its own count of the other's silence, and what was written meanwhile must arrive."""
from kith_client import pass_time
from run import HASTE, World

# By who falls silent: who has to find out. The other is told by it, as far as there is a way to tell.
SILENT = {"client": ("server",), "server": ("client",), "both": ("client", "server")}


def play(kithd, client, silent, folder):
    """(totals, whether all is well)"""
    world = World(kithd, client, folder, ("ann", "bob"), haste=HASTE)
    try:
        ann, bob = world.people
        for one in world.people:
            one.start()
        private = world.conversations[0][0]
        say(world, ann, bob, private)
        say(world, bob, ann, private)
        ann.proxy.silence(("client", "server") if silent == "both" else (silent,))
        if len(ann.proxy.lost) != 1:
            raise RuntimeError(f"{len(ann.proxy.lost)} sockets were silenced")
        while silent == "client" and not ann.proxy.lost[0].gone:
            say(world, bob, ann, private)  # the server is heard, so that it is the one to find out
            pass_time(0.2)
        say(world, bob, ann, private)
        say(world, ann, bob, private)
        world.await_noticed()
        first = ann.proxy.lost[0].first
        if first not in SILENT[silent]:
            raise RuntimeError(f"the {first} gave up what the other could not hear")
        world.settle()
        return world.judge()
    finally:
        world.close()


def say(world, sender, listener, conversation):
    text = world.text(sender)
    sender.send(conversation, text)
    if listener.ask(f"see {conversation} {text}") != "seen":
        raise RuntimeError(f"{listener.name} did not see '{text}'")
