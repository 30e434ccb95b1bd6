# SPDX-License-Identifier: Apache-2.0
#
# A Secret Service (API 0.2) of a few lines that misbehaves as it is told, on a thread of its own: for r10_mock.py. Sessions
# are plain, one collection, no real prompts. Needs python3-gi.
"""Keyring(bus address); set .fault to one of FAULTS, "" for none."""

import threading

from gi.repository import Gio, GLib

NAME = "org.freedesktop.secrets"
ROOT = "/org/freedesktop/secrets"
COLLECTION = ROOT + "/collection/main"
FAULTS = ("silent", "slow", "refuses to create", "prompts for ever", "drops off the bus", "fails every call", "reads back another value",
          "reads back garbage", "no default collection", "locked", "refuses sessions", "another owner")
SLOW = 300  # ms

INTERFACES = """<node>
<interface name="org.freedesktop.Secret.Service">
 <method name="OpenSession"><arg type="s" direction="in"/><arg type="v" direction="in"/><arg type="v" direction="out"/><arg type="o" direction="out"/></method>
 <method name="SearchItems"><arg type="a{ss}" direction="in"/><arg type="ao" direction="out"/><arg type="ao" direction="out"/></method>
 <method name="Unlock"><arg type="ao" direction="in"/><arg type="ao" direction="out"/><arg type="o" direction="out"/></method>
 <method name="GetSecrets"><arg type="ao" direction="in"/><arg type="o" direction="in"/><arg type="a{o(oayays)}" direction="out"/></method>
 <method name="ReadAlias"><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
 <property name="Collections" type="ao" access="read"/>
</interface>
<interface name="org.freedesktop.Secret.Collection">
 <method name="CreateItem"><arg type="a{sv}" direction="in"/><arg type="(oayays)" direction="in"/><arg type="b" direction="in"/>
  <arg type="o" direction="out"/><arg type="o" direction="out"/></method>
 <property name="Items" type="ao" access="read"/><property name="Label" type="s" access="read"/><property name="Locked" type="b" access="read"/>
 <property name="Created" type="t" access="read"/><property name="Modified" type="t" access="read"/>
</interface>
<interface name="org.freedesktop.Secret.Item">
 <method name="Delete"><arg type="o" direction="out"/></method>
 <property name="Attributes" type="a{ss}" access="read"/><property name="Label" type="s" access="read"/><property name="Locked" type="b" access="read"/>
 <property name="Created" type="t" access="read"/><property name="Modified" type="t" access="read"/>
</interface>
<interface name="org.freedesktop.Secret.Prompt">
 <method name="Prompt"><arg type="s" direction="in"/></method><method name="Dismiss"/>
</interface>
</node>"""


class Keyring:
    def __init__(self, address):
        self.address = address
        self.fault = ""
        self.prompts = 0
        self.items = {}  # path: attributes, value, content type
        self.number = 0
        self.connections = []
        self.context = GLib.MainContext()
        self.loop = GLib.MainLoop.new(self.context, False)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.ready = threading.Event()
        self.thread.start()
        self.ready.wait(10)

    def serve(self):
        self.context.push_thread_default()
        self.connect()
        self.ready.set()
        self.loop.run()

    def connect(self):
        """A new connection, which takes the name away from the one before."""
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        connection = Gio.DBusConnection.new_for_address_sync(self.address, flags, None, None)
        connection.set_exit_on_close(False)
        self.connections.append(connection)
        self.registered = {}
        self.interfaces = {info.name.rsplit(".", 1)[1]: info for info in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces}
        self.register(ROOT, "Service")
        self.register(COLLECTION, "Collection")
        self.register(ROOT + "/prompt/1", "Prompt")
        for path in self.items:
            self.register(path, "Item")
        self.bus_call(connection, "RequestName", GLib.Variant("(su)", (NAME, 1 | 2)))  # may be replaced, replaces

    @staticmethod
    def bus_call(connection, method, arguments):
        connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method, arguments, None,
                             Gio.DBusCallFlags.NONE, -1, None)

    def register(self, path, interface):
        self.registered[path] = self.connections[-1].register_object(path, self.interfaces[interface], self.on_call, self.on_get, None)

    def heal(self):
        """As if nothing had ever been wrong."""
        self.fault = ""
        done = threading.Event()

        def again(*_):
            if self.connections[-1].is_closed():
                self.connect()
            done.set()

        self.context.invoke_full(GLib.PRIORITY_DEFAULT, again)
        done.wait(10)

    def clear(self):
        self.items.clear()

    def is_locked(self):
        return self.fault == "locked"

    def on_get(self, _connection, _sender, path, _interface, name):
        values = {"Collections": ("ao", [COLLECTION]), "Items": ("ao", list(self.items)), "Label": ("s", "mock"),
                  "Locked": ("b", self.is_locked()), "Created": ("t", 1), "Modified": ("t", 1),
                  "Attributes": ("a{ss}", self.items.get(path, ({},))[0])}
        return GLib.Variant(*values[name])

    def on_call(self, connection, _sender, path, _interface, method, arguments, invocation):
        if self.fault == "silent":
            return
        if self.fault == "drops off the bus" and method in ("CreateItem", "Delete", "SearchItems"):
            connection.close_sync(None)
            return
        if self.fault == "another owner" and method in ("CreateItem", "Delete"):
            self.fault = ""
            self.connect()
            return
        if self.fault == "fails every call":
            invocation.return_dbus_error("org.example.Error.Odd", "something odd")
            return
        answer = getattr(self, "call_" + method)(path, *arguments.unpack())
        if isinstance(answer, str):
            invocation.return_dbus_error(answer, "refused")
        elif self.fault == "slow":
            source = GLib.timeout_source_new(SLOW)
            source.set_callback(lambda *_: invocation.return_value(answer) and False)
            source.attach(self.context)
        else:
            invocation.return_value(answer)

    def call_OpenSession(self, _path, algorithm, _input):
        if algorithm != "plain" or self.fault == "refuses sessions":
            return "org.freedesktop.DBus.Error.NotSupported"
        return GLib.Variant("(vo)", (GLib.Variant("s", ""), ROOT + "/session/1"))

    def call_SearchItems(self, _path, wanted):
        found = [path for path, item in self.items.items() if wanted.items() <= item[0].items()]
        return GLib.Variant("(aoao)", ([], found) if self.is_locked() else (found, []))

    def call_Unlock(self, _path, objects):
        if self.fault in ("locked", "prompts for ever"):
            return GLib.Variant("(aoo)", ([], ROOT + "/prompt/1"))
        return GLib.Variant("(aoo)", (objects, "/"))

    def call_GetSecrets(self, _path, paths, session):
        secrets = {}
        for path in paths:
            if path not in self.items:
                continue
            value = bytes(self.items[path][1])
            if self.fault == "reads back another value":
                value = value.replace(b"TestToken", b"TestOther")
            elif self.fault == "reads back garbage":
                value = b"\xff{"
            secrets[path] = (session, b"", value, self.items[path][2])
        return GLib.Variant("(a{o(oayays)})", (secrets,))

    def call_ReadAlias(self, _path, name):
        missing = name != "default" or self.fault == "no default collection"
        return GLib.Variant("(o)", ("/" if missing else COLLECTION,))

    def call_CreateItem(self, _path, properties, secret, _replace):
        if self.fault in ("refuses to create", "locked"):
            return "org.freedesktop.Secret.Error.IsLocked"
        if self.fault == "prompts for ever":
            return GLib.Variant("(oo)", ("/", ROOT + "/prompt/1"))
        self.number += 1
        path = f"{COLLECTION}/{self.number}"
        self.items[path] = (properties["org.freedesktop.Secret.Item.Attributes"], secret[2], secret[3])
        self.register(path, "Item")
        return GLib.Variant("(oo)", (path, "/"))

    def call_Delete(self, path):
        if self.fault == "prompts for ever":
            return GLib.Variant("(o)", (ROOT + "/prompt/1",))
        if self.fault == "locked":
            return "org.freedesktop.Secret.Error.IsLocked"
        self.items.pop(path, None)
        return GLib.Variant("(o)", ("/",))

    def call_Prompt(self, _path, _window):
        self.prompts += 1
        return GLib.Variant("()", ())

    def call_Dismiss(self, _path):
        return GLib.Variant("()", ())
