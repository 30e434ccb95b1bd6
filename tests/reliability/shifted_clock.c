/* SPDX-License-Identifier: Apache-2.0
 *
 * Preloaded into hfauthd by r06_faults.py: adds to the wall clock the seconds that the file
 * SHIFTED_CLOCK holds (eight bytes, mapped, so that a jump is seen at once). The monotonic clock
 * stays. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t* shift;
static int (*real_gettime)(clockid_t, struct timespec*);

__attribute__((constructor)) static void begin(void) {
  real_gettime = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  const char* path = getenv("SHIFTED_CLOCK");
  int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  void* memory = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, fd, 0);
  if (fd >= 0) close(fd);
  if (memory != MAP_FAILED) shift = memory;
}

int clock_gettime(clockid_t clock, struct timespec* time) {
  int result = real_gettime(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME && shift != NULL) time->tv_sec += *shift;
  return result;
}

time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}
