/*
 * shim: stands between a program and the system (LD_PRELOAD), and makes calls go wrong. What it does
 * is asked for in the environment; N counts from 1.
 *
 *     SHIM_SHORT=1             reads and writes are short, and half of the calls are interrupted (EINTR)
 *     SHIM_FAIL=CALL:N:ERRNO   the N-th CALL ("read", "any"...) fails, and every one after it
 *     SHIM_SIGNAL=NUMBER:N     a signal comes before the N-th call
 *     SHIM_TRUNCATE=FD:N       before the N-th read, the file is made empty
 *     SHIM_ALLOC=N             the N-th allocation fails; N+: and every one after it
 *     SHIM_COUNT=FD            how many calls and allocations there were is written there at the end
 *
 * Calls are read, write, pread, pwrite, open, close, poll, fsync, fchmod, ftruncate, rename, unlink,
 * flock, pipe and waitpid. A close that fails closes all the same. Files are named by descriptors that
 * were opened before: a program may give up its right to open others.
 */
#define _GNU_SOURCE /* RTLD_NEXT, off64_t */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHORT_BYTES = 700 };

/* Numbers of 0 are: not asked for. */
static struct {
    bool shortened, lasting;
    char call[16];
    int file, count;
    unsigned long fail_at, fail_with, signal, signal_at, truncate_at, alloc_at;
} asked;

static unsigned long calls, failable, reads, allocations;

static unsigned long next(unsigned long *count)
{
    return __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
}

/* ---- What is asked for ----------------------------------------------------------------------- */

/* The numbers behind the colons of `text`; 0 where there are none. */
static void take_numbers(const char *text, unsigned long *a, unsigned long *b)
{
    const char *at = strchr(text, ':');
    *a = at ? strtoul(at + 1, NULL, 10) : 0;
    at = at ? strchr(at + 1, ':') : NULL;
    if (b)
        *b = at ? strtoul(at + 1, NULL, 10) : 0;
}

/* Programs that the program starts are left alone. */
__attribute__((constructor)) static void begin(void)
{
    const char *fail = getenv("SHIM_FAIL"), *sent = getenv("SHIM_SIGNAL");
    const char *alloc = getenv("SHIM_ALLOC"), *cut = getenv("SHIM_TRUNCATE");
    const char *counted = getenv("SHIM_COUNT");
    asked.shortened = getenv("SHIM_SHORT") != NULL;
    asked.count = counted ? atoi(counted) : 0;
    if (fail) {
        snprintf(asked.call, sizeof asked.call, "%.*s", (int)strcspn(fail, ":"), fail);
        take_numbers(fail, &asked.fail_at, &asked.fail_with);
    }
    if (sent) {
        asked.signal = strtoul(sent, NULL, 10);
        take_numbers(sent, &asked.signal_at, NULL);
    }
    if (cut) {
        asked.file = atoi(cut);
        take_numbers(cut, &asked.truncate_at, NULL);
    }
    if (alloc)
        asked.lasting = strchr(alloc, '+') != NULL;
    unsetenv("LD_PRELOAD");
    if (alloc)
        asked.alloc_at = strtoul(alloc, NULL, 10) + allocations;
}

__attribute__((destructor)) static void end(void)
{
    if (asked.count)
        dprintf(asked.count, "%lu %lu\n", calls, allocations);
}

/* Before each call. True: it fails, and errno says how. `mild`: a call that may be interrupted. */
static bool goes_wrong(const char *call, bool mild)
{
    unsigned long n = next(&calls);
    if (asked.signal_at == n)
        kill(getpid(), (int)asked.signal);
    /* Every second one by chance: in turns, a read behind a poll would never be let through. */
    if (asked.shortened && mild && (uint32_t)n * 2654435761U >> 31) {
        errno = EINTR;
        return true;
    }
    if (!asked.fail_at || (strcmp(asked.call, call) != 0 && strcmp(asked.call, "any") != 0) ||
        next(&failable) < asked.fail_at)
        return false;
    errno = (int)asked.fail_with;
    return true;
}

static size_t shortened(size_t len)
{
    size_t most = 1 + calls % SHORT_BYTES;
    return asked.shortened && len > most ? most : len;
}

/* ---- Calls ----------------------------------------------------------------------------------- */

#define REAL(type, name, ...)                               \
    static type (*real)(__VA_ARGS__);                       \
    if (!real)                                              \
    *(void **)&real = dlsym(RTLD_NEXT, name)

ssize_t read(int fd, void *bytes, size_t len)
{
    REAL(ssize_t, "read", int, void *, size_t);
    if (asked.truncate_at && next(&reads) == asked.truncate_at && ftruncate64(asked.file, 0) < 0)
        abort();
    return goes_wrong("read", true) ? -1 : real(fd, bytes, shortened(len));
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    return fd != STDERR_FILENO && goes_wrong("write", true) ? -1 : real(fd, bytes, shortened(len));
}

ssize_t pread64(int fd, void *bytes, size_t len, off64_t at)
{
    REAL(ssize_t, "pread64", int, void *, size_t, off64_t);
    return goes_wrong("pread", true) ? -1 : real(fd, bytes, shortened(len), at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    return goes_wrong("pwrite", true) ? -1 : real(fd, bytes, shortened(len), at);
}

int open64(const char *name, int flags, ...)
{
    REAL(int, "open64", const char *, int, mode_t);
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    return goes_wrong("open", false) ? -1 : real(name, flags, mode);
}

int __open64_2(const char *name, int flags);
int __open64_2(const char *name, int flags)
{
    return open64(name, flags);
}

int close(int fd)
{
    REAL(int, "close", int);
    bool wrong = goes_wrong("close", false);
    int error = errno, result = real(fd);
    if (wrong)
        errno = error;
    return wrong ? -1 : result;
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    REAL(int, "poll", struct pollfd *, nfds_t, int);
    return goes_wrong("poll", true) ? -1 : real(fds, count, timeout);
}

int fsync(int fd)
{
    REAL(int, "fsync", int);
    return goes_wrong("fsync", false) ? -1 : real(fd);
}

int fchmod(int fd, mode_t mode)
{
    REAL(int, "fchmod", int, mode_t);
    return goes_wrong("fchmod", false) ? -1 : real(fd, mode);
}

int ftruncate64(int fd, off64_t size)
{
    REAL(int, "ftruncate64", int, off64_t);
    return goes_wrong("ftruncate", false) ? -1 : real(fd, size);
}

int rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *);
    return goes_wrong("rename", false) ? -1 : real(from, to);
}

int flock(int fd, int operation)
{
    REAL(int, "flock", int, int);
    return goes_wrong("flock", false) ? -1 : real(fd, operation);
}

int pipe(int ends[2])
{
    REAL(int, "pipe", int *);
    return goes_wrong("pipe", false) ? -1 : real(ends);
}

pid_t waitpid(pid_t child, int *status, int options)
{
    REAL(pid_t, "waitpid", pid_t, int *, int);
    return goes_wrong("waitpid", true) && errno == EINTR ? -1 : real(child, status, options);
}

/* ---- Allocations ----------------------------------------------------------------------------- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static bool no_room(void)
{
    unsigned long n = next(&allocations);
    if (!asked.alloc_at || n < asked.alloc_at || (n > asked.alloc_at && !asked.lasting))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return no_room() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return no_room() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return no_room() ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *p = no_room() ? NULL : __libc_memalign(alignment, size);
    if (p)
        *out = p;
    return p ? 0 : ENOMEM;
}

void *mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t offset)
{
    REAL(void *, "mmap64", void *, size_t, int, int, int, off64_t);
    return no_room() ? MAP_FAILED : real(at, size, protection, flags, fd, offset);
}
