/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a program under ptrace and ends it with SIGKILL at one chosen boundary of a system call,
 * counted from the moment when it opens a file whose path ends as MARK says (the vault's lock: a
 * store begins). Every system call has two boundaries, in and out. With boundary 0 nothing is
 * killed, and the file COUNT always tells how many there were so far. Used by r07_kill.py.
 *   kill_at_boundary BOUNDARY MARK COUNT PROGRAM [ARGUMENTS]
 * All threads of the program are followed and counted together. Linux, x86-64 and others alike
 * (PTRACE_GET_SYSCALL_INFO). */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char* what) {
  perror(what);
  exit(125);
}

/* Whether the call that begins in `pid` opens a path that ends with `mark`. */
static int opens(pid_t pid, const struct __ptrace_syscall_info* info, const char* mark) {
  if (info->op != PTRACE_SYSCALL_INFO_ENTRY || info->entry.nr != SYS_openat) return 0;
  char path[4096];
  size_t size = 0;
  while (size + sizeof(long) < sizeof path) {
    errno = 0;
    long word = ptrace(PTRACE_PEEKDATA, pid, (char*)info->entry.args[1] + size, NULL);
    if (errno != 0) return 0;
    memcpy(path + size, &word, sizeof word);
    if (memchr(path + size, 0, sizeof word) != NULL) break;
    size += sizeof word;
  }
  path[sizeof path - 1] = 0;
  size_t length = strlen(path);
  return length >= strlen(mark) && strcmp(path + length - strlen(mark), mark) == 0;
}

/* Whole at every moment, because this program is ended from outside. */
static void tell(const char* path, long seen) {
  char beside[4096];
  snprintf(beside, sizeof beside, "%s.new", path);
  FILE* count = fopen(beside, "w");
  if (count == NULL) fail(beside);
  fprintf(count, "%ld\n", seen);
  if (fclose(count) != 0 || rename(beside, path) != 0) fail(path);
}

int main(int argc, char** argv) {
  if (argc < 5) {
    fputs("usage: kill_at_boundary BOUNDARY MARK COUNT PROGRAM [ARGUMENTS]\n", stderr);
    return 2;
  }
  long boundary = atol(argv[1]);
  const char* mark = argv[2];
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) fail("ptrace");
    raise(SIGSTOP);
    execv(argv[4], argv + 4);
    fail(argv[4]);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) fail("waitpid");
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SETOPTIONS, child, NULL, options) != 0) fail("ptrace options");
  if (ptrace(PTRACE_SYSCALL, child, NULL, NULL) != 0) fail("ptrace");

  long seen = -1; /* counting begins at the mark */
  for (;;) {
    pid_t pid = waitpid(-1, &status, __WALL);
    if (pid < 0) break;
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      if (pid == child) break;
      continue;
    }
    int deliver = 0;
    if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
      struct __ptrace_syscall_info info;
      if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0) {
        if (seen < 0 && opens(pid, &info, mark))
          seen = 0;
        else if (seen >= 0)
          ++seen;
        if (seen >= 1 && seen == boundary) {
          kill(child, SIGKILL);
          while (waitpid(-1, &status, __WALL) > 0)
            continue;
          return 0;
        }
      }
    } else if (WSTOPSIG(status) != SIGTRAP && WSTOPSIG(status) != SIGSTOP) {
      deliver = WSTOPSIG(status);
    }
    ptrace(PTRACE_SYSCALL, pid, NULL, (void*)(long)deliver);
    if (boundary == 0 && seen >= 0) tell(argv[3], seen);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}
