/* SPDX-License-Identifier: Apache-2.0
 *
 * The part of systemd-logind that hfauthd hears, on the bus that DBUS_SYSTEM_BUS_ADDRESS names. Lines on standard input are
 * orders: "sleep" and "wake" send PrepareForSleep, "lock" sends a session's Lock. Says on standard output "ready" when it has
 * its name, "inhibited" when somebody wants to be waited for, and "released" when that one lets go. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

static int inhibitor = -1; /* the end of a pipe whose other end the inhibitor holds */

static void say(const char *word) {
  puts(word);
  fflush(stdout);
}

static int inhibit(sd_bus_message *message, void *data, sd_bus_error *error) {
  (void)data;
  (void)error;
  int ends[2];
  if (pipe(ends) != 0) return -1;
  inhibitor = ends[0];
  int sent = sd_bus_reply_method_return(message, "h", ends[1]);
  close(ends[1]);
  say("inhibited");
  return sent;
}

static const sd_bus_vtable table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Inhibit", "ssss", "h", inhibit, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_SIGNAL("PrepareForSleep", "b", 0),
    SD_BUS_VTABLE_END,
};

static void obey(sd_bus *bus, const char *order) {
  if (strcmp(order, "lock\n") == 0) {
    sd_bus_emit_signal(bus, "/org/freedesktop/login1/session/c1", "org.freedesktop.login1.Session", "Lock", "");
  } else {
    sd_bus_emit_signal(bus, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "b",
                       strcmp(order, "sleep\n") == 0);
  }
  sd_bus_flush(bus);
}

int main(void) {
  sd_bus *bus = NULL;
  if (sd_bus_open_system(&bus) < 0 ||
      sd_bus_add_object_vtable(bus, NULL, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", table, NULL) < 0 ||
      sd_bus_request_name(bus, "org.freedesktop.login1", 0) < 0) {
    return 1;
  }
  setvbuf(stdin, NULL, _IONBF, 0);
  say("ready");
  for (;;) {
    while (sd_bus_process(bus, NULL) > 0) {
    }
    struct pollfd ends[3] = {{.fd = sd_bus_get_fd(bus), .events = (short)sd_bus_get_events(bus)},
                             {.fd = STDIN_FILENO, .events = POLLIN},
                             {.fd = inhibitor, .events = POLLIN}};
    if (poll(ends, 3, -1) < 0) return 1;
    if (ends[1].revents != 0) {
      char order[32];
      if (fgets(order, sizeof order, stdin) == NULL) return 0;
      obey(bus, order);
    }
    if (ends[2].revents != 0) {
      close(inhibitor);
      inhibitor = -1;
      say("released");
    }
  }
}
