/* SPDX-License-Identifier: Apache-2.0
 *
 * Preloaded into hfauth-net by test_hfauth_net.py: ends it with SIGKILL after the step KILL_AFTER, counted from the
 * moment when the Hub's answer is kept. A step is a file renamed or removed, or bytes sent to a socket. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int n_steps = -1; /* before the answer was kept */

static void step(void) {
  const char *limit = getenv("KILL_AFTER");
  if (n_steps < 0 || limit == NULL) return;
  if (++n_steps == atoi(limit)) kill(getpid(), SIGKILL);
}

int rename(const char *from, const char *to) {
  int (*real)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
  int result = real(from, to);
  if (n_steps < 0 && strstr(to, "/refreshed/") != NULL) n_steps = 0;
  step();
  return result;
}

int unlink(const char *path) {
  int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  int result = real(path);
  step();
  return result;
}

int remove(const char *path) {
  int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "remove");
  int result = real(path);
  step();
  return result;
}

ssize_t send(int fd, const void *bytes, size_t size, int flags) {
  ssize_t (*real)(int, const void *, size_t, int) =
      (ssize_t(*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "send");
  ssize_t result = real(fd, bytes, size, flags);
  step();
  return result;
}
