/* SPDX-License-Identifier: Apache-2.0
 *
 * Preloaded into hfauthd by failing_calls.py: makes calls fail as the file FAILING_CALLS says (five
 * numbers of eight bytes, mapped, so that a change is seen at once):
 *   memory   the so many-th request for memory from now on is refused, once (ENOMEM)
 *   files    the so many-th call about a file from now on fails, once (EIO)
 *   bytes    no read and no write of a file or a connection moves more bytes than this
 *   signals  every so many-th of these reads and writes is interrupted (EINTR)
 *   locks    not 0: no file below HOME can be locked (ENOLCK), as on NFS without its lock service
 * 0 means never. The first two count down to 0, so that one can see whether the fault happened.
 * Memory is what the program and its libraries ask of the allocator and of mmap. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct faults {
  int64_t memory;
  int64_t files;
  int64_t bytes;
  int64_t signals;
  int64_t locks;
};

static struct faults none;
static struct faults* faults = &none;
static int64_t moved; /* how many reads and writes there were */

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char* path = getenv("FAILING_CALLS");
  int fd = path != NULL ? REAL(open)(path, O_RDWR | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void* memory = REAL(mmap)(NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (memory != MAP_FAILED) faults = memory;
}

static int is_its_turn(int64_t* countdown) {
  return __atomic_load_n(countdown, __ATOMIC_RELAXED) > 0 &&
         __atomic_sub_fetch(countdown, 1, __ATOMIC_RELAXED) == 0;
}

static int lacks_memory(void) {
  if (!is_its_turn(&faults->memory)) return 0;
  errno = ENOMEM;
  return 1;
}

static int is_broken(void) {
  if (!is_its_turn(&faults->files)) return 0;
  errno = EIO;
  return 1;
}

/* The allocator's own entries: dlsym needs memory itself. */
extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);

void* malloc(size_t size) {
  return lacks_memory() ? NULL : __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  return lacks_memory() ? NULL : __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) {
  return lacks_memory() ? NULL : __libc_realloc(old, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  return lacks_memory() ? NULL : __libc_memalign(alignment, size);
}

void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) {
  if (lacks_memory()) return MAP_FAILED;
  return REAL(mmap)(at, size, protection, flags, fd, offset);
}

static mode_t mode_after(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = mode_after(flags, more);
  va_end(more);
  return is_broken() ? -1 : REAL(open)(path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = mode_after(flags, more);
  va_end(more);
  return is_broken() ? -1 : REAL(openat)(folder, path, flags, mode);
}

int fsync(int fd) {
  return is_broken() ? -1 : REAL(fsync)(fd);
}

int fdatasync(int fd) {
  return is_broken() ? -1 : REAL(fdatasync)(fd);
}

int ftruncate(int fd, off_t size) {
  return is_broken() ? -1 : REAL(ftruncate)(fd, size);
}

int rename(const char* from, const char* to) {
  return is_broken() ? -1 : REAL(rename)(from, to);
}

int mkdir(const char* path, mode_t mode) {
  return is_broken() ? -1 : REAL(mkdir)(path, mode);
}

static int is_at_home(int fd) {
  const char* home = getenv("HOME");
  char entry[64];
  char path[4096];
  snprintf(entry, sizeof entry, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(entry, path, sizeof path);
  size_t length = home != NULL ? strlen(home) : 0;
  return length > 0 && size > (ssize_t)length && memcmp(path, home, length) == 0;
}

int flock(int fd, int operation) {
  if (faults->locks != 0 && is_at_home(fd)) {
    errno = ENOLCK;
    return -1;
  }
  return is_broken() ? -1 : REAL(flock)(fd, operation);
}

int lstat(const char* path, struct stat* status) {
  return is_broken() ? -1 : REAL(lstat)(path, status);
}

enum kind { other, file, stream };

static enum kind kind_of(int fd) {
  int kept = errno;
  struct stat status;
  int type = 0;
  socklen_t size = sizeof type;
  enum kind kind = other;
  if (REAL(fstat)(fd, &status) == 0) {
    if (S_ISREG(status.st_mode)) kind = file;
    if (S_ISSOCK(status.st_mode) && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
        type == SOCK_STREAM)
      kind = stream;
  }
  errno = kept;
  return kind;
}

/* How many bytes may be moved; -1 with errno if the call fails. */
static ssize_t allowed(int fd, size_t wanted) {
  enum kind kind = kind_of(fd);
  if (kind == file && is_broken()) return -1;
  int64_t every = faults->signals;
  if (kind != other && every > 0 && __atomic_add_fetch(&moved, 1, __ATOMIC_RELAXED) % every == 0) {
    errno = EINTR;
    return -1;
  }
  int64_t most = faults->bytes;
  return (ssize_t)(kind != other && most > 0 && (size_t)most < wanted ? (size_t)most : wanted);
}

ssize_t read(int fd, void* to, size_t size) {
  ssize_t most = allowed(fd, size);
  return most < 0 ? -1 : REAL(read)(fd, to, (size_t)most);
}

ssize_t write(int fd, const void* from, size_t size) {
  ssize_t most = allowed(fd, size);
  return most < 0 ? -1 : REAL(write)(fd, from, (size_t)most);
}

ssize_t send(int fd, const void* from, size_t size, int flags) {
  ssize_t most = allowed(fd, size);
  return most < 0 ? -1 : REAL(send)(fd, from, (size_t)most, flags);
}

ssize_t recv(int fd, void* to, size_t size, int flags) {
  ssize_t most = allowed(fd, size);
  return most < 0 ? -1 : REAL(recv)(fd, to, (size_t)most, flags);
}
