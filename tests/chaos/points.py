# SPDX-License-Identifier: GPL-3.0-or-later
"""For each named point a short conversation in which one process dies there and is started again, or stands there while its
connections are cut; then the oracle. A point that nobody comes to is a failure: it would prove nothing."""
import collections
import os
import time

from actors import key_of
from kith_client import pass_time
from run import World

Point = collections.namedtuple("Point", "name process passage")
RESEND_S = 30  # the server sends again what nobody acknowledged for 5 s


def read_points():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "points.txt"), encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return [Point(line[0], line[1], int(line[2]) if len(line) > 2 else 1) for line in lines]


def play(kithd, client, point, how, folder):
    """`how`: "kill" or "stop". (totals, whether all is well)"""
    world = World(kithd, client, folder, ("ann", "bob"))
    try:
        where = f"{point.name}:{point.passage}" + (":stop" if how == "stop" else "")
        ann, bob = world.people
        victim = ann if point.process == "client" else world.server
        converse(world, ann, bob, where if victim is ann else None, where if victim is world.server else None)
        if not victim.reached:
            leave_unanswered(world, ann, bob, victim)
        if victim.reached != 1:
            raise RuntimeError(f"{where} was not reached")
        world.settle()
        return world.judge()
    finally:
        world.close()


def converse(world, ann, bob, ann_fails, server_fails):
    (private, _), (group, _) = world.conversations
    both = (private, group)

    def say(sender, listener, conversation, answers=False):
        text = world.text(sender)
        sent = sender.reply(conversation, 0, text) if answers else sender.send(conversation, text)
        if sent and listener:
            see(listener, conversation, text)

    def see(listener, conversation, text):
        if listener.ask(f"see {conversation} {text}") == "unseen":
            raise RuntimeError(f"{listener.name} did not see '{text}'")

    # There is something to catch up with when ann comes for the first time.
    bob.start()
    for conversation in both:
        say(bob, None, conversation)
    bob.begin_settle()
    bob.end_settle()
    ann.start(ann_fails)
    see(ann, group, "bob")
    if server_fails:
        world.server.kill()
        world.server.start(server_fails)
    for conversation in both:
        say(ann, bob, conversation)
        say(bob, ann, conversation, answers=True)
        ann.read(conversation)
    for one, other in ((ann, bob), (bob, ann)):
        one.change(private, "edited")
        outcome = one.wanted.get(newest_key(one, private), set())
        if len(outcome) == 1:  # else it died on the way
            see(other, private, next(iter(outcome)))
        one.like(private, 0)
    say(bob, ann, private)
    # What ann misses, and what she does meanwhile.
    ann.proxy.down = True
    ann.proxy.cut()
    for conversation in both:
        say(bob, None, conversation)
        ann.send(conversation, world.text(ann))
    bob.change(private, "edited while she is away")
    ann.change(group, "edited while away")
    ann.change(private, "")
    bob.begin_settle()
    bob.end_settle()
    ann.proxy.down = False
    world.settle()
    ann.read(private)
    world.settle()


def leave_unanswered(world, ann, bob, victim):
    """A push that ann's client cannot acknowledge, for the points of a retransmission."""
    ann.proxy.stalled = True
    bob.send(world.conversations[0][0], world.text(bob))
    until = time.monotonic() + RESEND_S
    while not victim.reached and time.monotonic() < until:
        pass_time(0.05)
        world.tend()
    ann.proxy.stalled = False


def newest_key(one, conversation):
    return [key_of(text) for c, text in one.offered if c == conversation][-1]
