#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses the real window as a screen reader does: over AT-SPI, under an X server of its own. Logs in, walks by Tab, reads
conversations and messages, writes one, and looks into the dialogs; everything that can have the focus has a name and a
role that says what it is.
usage: access.py KITHD KITH      (exit 77 where Xvfb, D-Bus, AT-SPI or xdotool are missing)"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

PASSWORD = "kith-demo-password"
PATIENCE_MS = 30000
failures = []


def check(name, good, detail=""):
    print(("ok   " if good else "FAIL ") + name + ("" if good else f": {detail}"), flush=True)
    if not good:
        failures.append(name)
    return good


def outside(kithd, kith):
    """A server with the demo world, then this script again under a display and a message bus."""
    for tool in ("xvfb-run", "dbus-run-session", "xdotool"):
        if not shutil.which(tool):
            print(f"skipped: no {tool}")
            return 77
    python = "/usr/bin/python3"  # the distribution's own: that is where its bindings are
    if subprocess.run([python, "-c", "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"],
                      capture_output=True).returncode != 0:
        print("skipped: no AT-SPI for python3 (python3-pyatspi)")
        return 77
    with tempfile.TemporaryDirectory(prefix="kith-access-") as folder:
        data, ready = os.path.join(folder, "data"), os.path.join(folder, "ready.json")
        subprocess.run([kithd, "demo", "--data", data], check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(folder, "kithd.log"), "w", encoding="utf-8") as log:
            server = subprocess.Popen([kithd, "serve", "--data", data, "--listen", "127.0.0.1:0", "--ops-listen",
                                       "127.0.0.1:0", "--insecure", "--ready-file", ready], stdout=log, stderr=log)
            try:
                return subprocess.run(
                    ["xvfb-run", "-a", "-s", "-screen 0 1400x1000x24", "dbus-run-session", "--", python,
                     os.path.abspath(__file__), "--inside", kith, folder], timeout=240).returncode
            finally:
                server.terminate()
                server.wait()


class Reader:
    """What a screen reader sees of one program."""

    def __init__(self, folder):
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib
        self.atspi, self.glib = Atspi, GLib
        Atspi.init()
        self.app = None
        self.folder = folder

    def wait(self, condition, patience=PATIENCE_MS):
        """The value of `condition` once it is true; asked again every 50 ms."""
        loop = self.glib.MainLoop()
        found = []

        def look():
            try:
                value = condition()
            except self.glib.Error:  # it went away while it was looked at
                value = None
            if value:
                found.append(value)
                loop.quit()
            return not value

        if not look():
            return found[0]
        poll = self.glib.timeout_add(50, look)
        end = self.glib.timeout_add(patience, loop.quit)
        loop.run()
        for source in ([end] if found else [poll]):
            self.glib.source_remove(source)
        return found[0] if found else None

    def find_app(self):
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child and child.get_name().lower().startswith("kith"):
                return child
        return None

    def states(self, item):
        return item.get_state_set()

    def has(self, item, state):
        return self.states(item).contains(getattr(self.atspi.StateType, state))

    def walk(self, item=None, depth=0):
        """Everything that shows, parents first. Rows out of sight are not gone into: lists may be long."""
        item = item or self.app
        if depth > 40:
            return
        for i in range(min(item.get_child_count(), 400)):
            child = item.get_child_at_index(i)
            if child is None or not (self.has(child, "SHOWING") or depth == 0):
                continue
            yield child
            yield from self.walk(child, depth + 1)

    def find(self, role, name, within=None):
        for item in self.walk(within):
            if item.get_role_name() in role.split("|") and name.lower() in (item.get_name() or "").lower():
                return item
        return None

    def get(self, role, name, within=None):
        item = self.wait(lambda: self.find(role, name, within))
        check(f"there is a {role} called “{name}”", item is not None,
              sorted({f"{i.get_role_name()} “{i.get_name()}”" for i in self.walk()}) if item is None else "")
        return item

    def write(self, item, text):
        return item.get_editable_text_iface().set_text_contents(text)

    def press(self, item):
        action = item.get_action_iface()
        names = [action.get_action_name(i) for i in range(action.get_n_actions())]
        wanted = next((i for i, n in enumerate(names) if n in ("Press", "click", "press")), 0)
        return action.do_action(wanted)

    def key(self, *keys):
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)

    def focused(self):
        """A widget that hands its focus on says FOCUSED too, as a filler; and so does the current row of each list."""
        return next((item for item in self.walk() if self.has(item, "FOCUSED") and item.get_role_name() not in
                     ("application", "frame", "window", "dialog", "filler", "list item")), None)


def label(item):
    return f"{item.get_role_name()} “{item.get_name()}”"


def names_of_all(reader, where):
    """What can have the focus or be pressed says what it is."""
    unnamed = []
    for item in reader.walk():
        pressable = item.get_role_name() in ("push button", "toggle button", "check box", "radio button", "combo box")
        if (reader.has(item, "FOCUSABLE") or pressable) and item.get_role_name() not in (
                "frame", "filler", "panel", "scroll pane", "layered pane", "dialog", "window", "list item"):
            if not (item.get_name() or "").strip():
                parent = item.get_parent()
                unnamed.append(f"{label(item)} in {label(parent) if parent else '?'}")
    check(f"{where}: everything that takes the focus has a name", not unnamed, unnamed)


def log_in(reader, url):
    check("the program is known to AT-SPI", reader.wait(reader.find_app) is not None)
    reader.app = reader.find_app()
    server = reader.get("text|entry", "server")
    if server is None:
        return False
    names_of_all(reader, "login")
    reader.write(server, url)
    reader.write(reader.get("text|entry", "user name"), "lin")
    password = reader.get("password text|text", "password")
    check("the password is not readable", password.get_role_name() == "password text", label(password))
    reader.write(password, PASSWORD)
    login = reader.wait(lambda: next((i for i in reader.walk() if i.get_role_name() == "push button" and
                                      i.get_name() == "Log in" and reader.has(i, "ENABLED")), None))
    if not check("login can be pressed", login is not None):
        return False
    reader.press(login)
    return reader.wait(lambda: reader.find("list", "Conversations")) is not None


def conversations(reader):
    rows = reader.get("list", "Conversations")
    if rows is None:
        return None
    names = reader.wait(lambda: [n for n in (rows.get_child_at_index(i).get_name() for i in
                                             range(rows.get_child_count())) if n])
    check("conversations are read with their names", names is not None and len(names) >= 3, names)
    if names:
        # Name, then what the row shows beside it: unread, muted, the last words.
        check("a row says more than its name", all("," in n for n in names), names)
        check("and how much is unread", any("unread message" in n for n in names), names)
    return rows


def messages(reader):
    view = reader.get("list", "Messages")
    if view is None:
        return None
    texts = reader.wait(lambda: [view.get_child_at_index(i).get_name() for i in range(view.get_child_count())] or None)
    check("messages are list items with sender, words and time",
          texts is not None and sum(t.count(", ") >= 2 for t in texts) > 5, (texts or [])[:5])
    roles = {view.get_child_at_index(i).get_role_name() for i in range(min(view.get_child_count(), 20))}
    check("each message is a list item", roles == {"list item"}, roles)
    return view


def write_one(reader, view):
    composer = reader.get("text|entry", "Message")
    if composer is None:
        return
    check("the composer can be written to", reader.has(composer, "EDITABLE") and reader.has(composer, "MULTI_LINE"))
    words = "written by a screen reader"
    reader.write(composer, words)
    send = reader.wait(lambda: next((i for i in reader.walk() if i.get_role_name() == "push button" and
                                     i.get_name() == "Send" and reader.has(i, "ENABLED")), None))
    if check("the text can be sent by a button", send is not None):
        reader.press(send)
    come = reader.wait(lambda: next(
        (t for t in (view.get_child_at_index(i).get_name() for i in range(view.get_child_count() - 1, -1, -1))
         if words in t), None))
    check("what was sent is read in the timeline", come is not None)
    told = reader.wait(lambda: next(
        (t for t in (view.get_child_at_index(i).get_name() for i in range(view.get_child_count() - 1, -1, -1))
         if words in t and ("Sent" in t or "Delivered" in t or "Read" in t)), None))
    check("and its state is told with it", told is not None)


def walk_by_tab(reader, where, expected, most=30):
    """Each stop has a name, all that is expected is among them, and the way comes round."""
    seen = []
    for _ in range(most):
        before = reader.focused()
        place = before.get_path() if before and hasattr(before, "get_path") else label(before) if before else None
        reader.key("Tab")
        now = reader.wait(lambda: (lambda f: f if f and label(f) != (seen[-1] if seen else place) else None)(
            reader.focused()), 3000)
        if now is None:
            break
        if seen and label(now) == seen[0]:
            break
        seen.append(label(now))
    missing = [name for name in expected if not any(name in stop for stop in seen)]
    check(f"{where}: Tab reaches {', '.join(expected)}", not missing, f"missing {missing} of {seen}")
    check(f"{where}: every stop of Tab has a name", all("“”" not in stop for stop in seen), seen)
    return seen


def walk_messages(reader, view):
    """Message by message, each told as it is reached, and what can be done with it."""
    heard = []
    listener = reader.atspi.EventListener.new(
        lambda event, *_: heard.append(event.source.get_name() or "") if event.detail1 else None)
    listener.register("object:state-changed:focused")

    def current():
        rows = (view.get_child_at_index(i) for i in range(view.get_child_count()))
        return next((row.get_name() for row in rows if reader.has(row, "FOCUSED")), None)

    view.get_component_iface().grab_focus()
    reader.wait(lambda: reader.has(view, "FOCUSED"))
    reader.key("ctrl+Up")
    first = reader.wait(current)
    check("the message that the keys are at is known", first is not None)
    reader.key("ctrl+Up")
    second = reader.wait(lambda: (lambda name: name if name and name != first else None)(current()))
    check("Ctrl+Up goes to the one before it", second is not None, first)
    check("and a screen reader hears it", reader.wait(lambda: second in heard) is not None, heard)
    reader.key("Return")
    # A menu is not among the program's windows: it is known by what it says.
    seen = len(heard)
    asked = reader.wait(lambda: reader.key("Down") or "Copy message" in heard[seen:])
    check("Enter opens its menu", asked is not None, heard[seen:])
    listener.deregister("object:state-changed:focused")
    reader.key("Escape")
    reader.wait(lambda: reader.has(view, "FOCUSED") or current())


def dialogs(reader):
    group = reader.get("list", "Conversations")
    reader.key("ctrl+k")
    reader.get("text|entry", "Go to")
    names_of_all(reader, "switcher")
    reader.key("Escape")
    reader.wait(lambda: not reader.find("text|entry", "Go to"))
    # A group's members, by the header's button.
    for i in range(group.get_child_count()):
        row = group.get_child_at_index(i)
        if "hik" in row.get_name().lower() or "group" in row.get_name().lower() or "member" in row.get_name().lower():
            selection = group.get_selection_iface()
            if selection:
                selection.select_child(i)
            break
    members = reader.wait(lambda: next((i for i in reader.walk() if i.get_role_name() == "push button" and
                                        i.get_name() == "Members"), None), 5000)
    if members is None:  # the open one is private: walk on by keys until one is a group
        for _ in range(8):
            reader.key("alt+Down")
            members = reader.wait(lambda: next((i for i in reader.walk() if i.get_role_name() == "push button" and
                                                i.get_name() == "Members"), None), 2000)
            if members is not None:
                break
    if check("a group has a button for its members", members is not None):
        reader.press(members)
        reader.get("text|entry", "Find a member")
        people = reader.get("list", "Members")
        rows = reader.wait(lambda: [n for n in (people.get_child_at_index(i).get_name() for i in
                                                range(people.get_child_count())) if n] or None)
        check("members are read with name and role", rows is not None and any("Owner" in r for r in rows), rows)
        names_of_all(reader, "members")
        walk_by_tab(reader, "members", ["Find a member", "Members", "Close"], 12)
        reader.key("Escape")
        check("Escape closes it", reader.wait(lambda: not reader.find("text|entry", "Find a member")) is not None)
    reader.key("ctrl+slash")
    names_of_all(reader, "shortcuts")
    reader.key("Escape")


def inside(kith, folder):
    reader = Reader(folder)
    with open(os.path.join(folder, "ready.json"), encoding="utf-8") as ready:
        url = "http://" + json.load(ready)["listen"]
    key = os.path.join(folder, "lin.key")
    with open(os.open(key, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
        out.write(os.urandom(32).hex())
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
                   "HOME": folder, "XDG_CONFIG_HOME": os.path.join(folder, "config")}
    with open(os.path.join(folder, "kith.log"), "w", encoding="utf-8") as log:
        program = subprocess.Popen([kith, "--profile", os.path.join(folder, "lin"), "--key-file", key, "--language", "en",
                                    "--size", "1100x760"], env=environment, stdout=log, stderr=log)
        try:
            if check("logged in by what AT-SPI offers", log_in(reader, url)):
                subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Kith", "windowfocus"], check=False)
                conversations(reader)
                reader.key("alt+Down")  # into the first of them
                reader.wait(lambda: reader.find("list", "Messages"))
                names_of_all(reader, "chat")
                view = messages(reader)
                if view is not None:
                    write_one(reader, view)
                walk_by_tab(reader, "chat", ["Conversations", "Messages", "Message", "More", "Settings"])
                if view is not None:
                    walk_messages(reader, view)
                dialogs(reader)
            check("the program lives", program.poll() is None, program.poll())
        finally:
            program.terminate()
            program.wait()
    if failures:
        with open(os.path.join(folder, "kith.log"), encoding="utf-8") as log:
            print(log.read()[-2000:])
    return 1 if failures else 0


def wait_for_server(folder):
    """The ready file is written when the server listens."""
    import gi  # noqa: F401  (GLib comes with the bindings)
    from gi.repository import GLib
    loop, path = GLib.MainLoop(), os.path.join(folder, "ready.json")
    there = []

    def look():
        if os.path.exists(path) and os.path.getsize(path) > 0:
            there.append(True)
            loop.quit()
        return not there

    GLib.timeout_add(50, look)
    GLib.timeout_add(PATIENCE_MS, loop.quit)
    loop.run()
    return bool(there)


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        sys.exit(inside(*sys.argv[2:4]) if wait_for_server(sys.argv[3]) else 1)
    sys.exit(outside(*map(os.path.abspath, sys.argv[1:3])))
