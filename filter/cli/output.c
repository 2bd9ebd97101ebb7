#if defined(__linux__)
#define _DEFAULT_SOURCE /* flock */
#endif

#include "cli/output.h"

#include "cli/stop.h"
#include "cli/system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WRITE_BYTES = 128 * 1024, /* gathered before a write */
    /* Most that is held while a line has no end. A stretch of input is cut at 1 MiB, and no normal
       form makes text more than three times as long in NFC; pages never used cost nothing. */
    HELD_BYTES = 4 * 1024 * 1024,
    LAST_WORDS_MS = 1000, /* how long a stalled reader may hold up a program told to stop */
    NAME_TRIES = 1000
};

/* Bytes up to and with the last line end, 0 if there is none. */
static size_t whole_lines(const output *o, const char *text, size_t len)
{
    while (len > 0 && text[len - 1] != o->end)
        len--;
    return len;
}

/* Bytes up to and with the first line end, `len` if there is none. */
static size_t first_line(const output *o, const char *text, size_t len)
{
    const char *at = len ? memchr(text, o->end, len) : NULL;
    return at ? (size_t)(at - text) + 1 : len;
}

/* One write(2) of at most `len` bytes. Returns what it took; 0: try again, or o->error is set. A
   descriptor may be non-blocking: the flag is shared with other processes and not ours to change,
   so wait. */
static size_t write_some(output *o, const char *text, size_t len)
{
    ssize_t n = write(o->fd, text, len);
    if (n > 0) {
        o->inside = text[n - 1] != o->end;
        return (size_t)n;
    }
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        stop_wait(o->fd, POLLOUT, -1);
    else if (n < 0 && errno != EINTR)
        o->error = errno;
    return 0;
}

/* After a signal: what ends the line that has begun, to a reader who still reads. Pieces of
   PIPE_BUF, as poll promises room for no more than that. */
static void write_last(output *o, const char *text, size_t len)
{
    while (len > 0 && !o->error) {
        if (stop_wait_past_signals(o->fd, POLLOUT, LAST_WORDS_MS) == WAIT_TIMEOUT)
            return;
        size_t n = write_some(o, text, len < PIPE_BUF ? len : PIPE_BUF);
        text += n;
        len -= n;
    }
}

static bool write_all(output *o, const char *text, size_t len)
{
    while (len > 0 && !o->error) {
        if (stop_requested()) {
            o->over = true;
            write_last(o, text, o->inside ? first_line(o, text, len) : 0);
            return false;
        }
        size_t n = write_some(o, text, len);
        text += n;
        len -= n;
    }
    return !o->error;
}

static bool write_held(output *o, size_t len)
{
    if (len == 0)
        return true;
    if (!write_all(o, o->held, len))
        return false;
    o->len -= len;
    memmove(o->held, o->held + len, o->len);
    return true;
}

static void hold(output *o, const char *text, size_t len)
{
    memcpy(o->held + o->len, text, len);
    o->len += len;
}

/* Brings the line that is held to its end with the first bytes of the text, and writes all that is
   held. Returns the bytes of the text used; on failure o->error or o->over is set. */
static size_t complete_held(output *o, const char *text, size_t len)
{
    size_t room = HELD_BYTES - o->len;
    size_t used = first_line(o, text, len);
    if (used > room)
        used = room;
    hold(o, text, used);
    if (used == len && o->len < HELD_BYTES && o->held[o->len - 1] != o->end)
        return used; /* still no end in sight */
    write_held(o, o->len);
    return used;
}

bool output_put(output *o, const char *text, size_t len)
{
    if (o->error || o->over || stop_requested())
        return false;
    if (o->len + len < WRITE_BYTES) {
        if (len)
            hold(o, text, len);
        return true;
    }
    while (len > 0 && o->len > 0) {
        size_t used = complete_held(o, text, len);
        if (o->error || o->over)
            return false;
        text += used;
        len -= used;
    }
    size_t whole = whole_lines(o, text, len);
    if (len - whole > HELD_BYTES)
        whole = len; /* longer than can be held: out it goes */
    if (!write_all(o, text, whole))
        return false;
    if (len > whole)
        hold(o, text + whole, len - whole);
    return true;
}

bool output_format(output *o, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return len >= 0 && (size_t)len < sizeof text && output_put(o, text, (size_t)len);
}

bool output_flush(output *o)
{
    return !o->error && !o->over && write_held(o, whole_lines(o, o->held, o->len));
}

static int begin(output *o, int fd, const char *name)
{
    struct stat file;
    if (fstat(fd, &file) == 0 && S_ISREG(file.st_mode)) {
        o->is_file = true;
        o->device = file.st_dev;
        o->inode = file.st_ino;
    }
    o->fd = fd;
    o->name = name;
    o->end = '\n';
    o->held = malloc(HELD_BYTES);
    if (!o->held)
        return -1;
    system_widen_pipe(fd);
    return 0;
}

int output_to_fd(output *o, int fd, const char *name)
{
    memset(o, 0, sizeof *o);
    return begin(o, fd, name);
}

int output_to_file(output *o, const char *name)
{
    memset(o, 0, sizeof *o);
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0)
        return -1;
    if (begin(o, fd, name) == 0)
        return 0;
    close(fd);
    return -1;
}

int output_empty(output *o)
{
    return o->is_file ? ftruncate(o->fd, 0) : 0;
}

/* Opens the one file that whoever writes `target` uses, and locks it. What is left of a writer that
   was killed is taken over. */
static int open_locked(const char *temporary, mode_t mode)
{
    for (int i = 0; i < NAME_TRIES; i++) {
        struct stat mine, there;
        int fd = open(temporary, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
        if (fd < 0)
            return -1;
        /* Whoever had the lock before may have removed or renamed the file. */
        bool ours = flock(fd, LOCK_EX | LOCK_NB) == 0;
        int error = errno;
        bool same = ours && fstat(fd, &mine) == 0 && stat(temporary, &there) == 0 &&
                    mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
        if (same && ftruncate(fd, 0) == 0)
            return fd;
        close(fd);
        errno = ours ? EAGAIN : error;
        if (!ours)
            return -1;
    }
    return -1;
}

/* Creates a file of our own beside `target`. O_EXCL follows no link, so the name need not be hard
   to guess. */
static int create_beside(output *o, const char *target)
{
    const char *slash = strrchr(target, '/');
    int folder = slash ? (int)(slash + 1 - target) : 0;
    size_t size = strlen(target) + 64;
    o->temporary = malloc(size);
    o->target = strdup(target);
    if (!o->temporary || !o->target)
        return -1;
    /* 0600 while it is written, where the file it replaces may be private; else as the umask says,
       like every new file. */
    mode_t mode = o->replaces ? 0600 : 0666;
    if (o->locked) {
        snprintf(o->temporary, size, "%.*s.%s.winnow-new", folder, target, target + folder);
        return open_locked(o->temporary, mode);
    }
    for (int i = 0; i < NAME_TRIES; i++) {
        snprintf(o->temporary, size, "%.*s.winnow-%ld-%d", folder, target, (long)getpid(), i);
        int fd = open(o->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static int open_temporary(output *o, const char *name)
{
    /* A symbolic link stays one: what it points to is replaced. */
    char *real = realpath(name, NULL);
    int fd = create_beside(o, real ? real : name);
    int error = errno;
    free(real);
    if (fd >= 0 && begin(o, fd, name) == 0)
        return 0;
    if (fd >= 0) {
        error = errno;
        unlink(o->temporary);
        close(fd);
    }
    free(o->temporary);
    free(o->target);
    errno = error;
    return -1;
}

/* Begins the file that will stand where the regular file `old` stands. */
static int replace(output *o, const char *name, const struct stat *old)
{
    if (access(name, W_OK) < 0) /* a file made read-only is meant to stay */
        return -1;
    o->replaces = true;
    o->mode = old->st_mode & 0777;
    if (open_temporary(o, name) < 0)
        return -1;
    o->device = old->st_dev; /* the one that must not be read meanwhile */
    o->inode = old->st_ino;
    return 0;
}

int output_to_name(output *o, const char *name)
{
    memset(o, 0, sizeof *o);
    if (strcmp(name, "-") == 0 || strcmp(name, "/dev/stdout") == 0)
        return output_to_fd(o, STDOUT_FILENO, NULL);
    struct stat old;
    if (stat(name, &old) < 0)
        return open_temporary(o, name);
    return S_ISREG(old.st_mode) ? replace(o, name, &old) : output_to_file(o, name);
}

int output_to_locked(output *o, const char *name)
{
    memset(o, 0, sizeof *o);
    o->durable = o->locked = true;
    struct stat old;
    if (stat(name, &old) < 0)
        return open_temporary(o, name);
    if (S_ISREG(old.st_mode))
        return replace(o, name, &old);
    errno = EINVAL;
    return -1;
}

bool output_is(const output *o, const struct stat *file)
{
    return o->is_file && S_ISREG(file->st_mode) && o->device == file->st_dev &&
           o->inode == file->st_ino;
}

/* The folder of a name, as stat(2) tells it. */
static int stat_folder(const char *name, struct stat *folder)
{
    const char *slash = strrchr(name, '/');
    if (!slash)
        return stat(".", folder);
    char *path = strndup(name, (size_t)(slash + 1 - name));
    int result = path ? stat(path, folder) : -1;
    free(path);
    return result;
}

static const char *last_part(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

bool output_is_same(const output *a, const output *b)
{
    struct stat file = {.st_mode = S_IFREG, .st_dev = b->device, .st_ino = b->inode};
    if ((b->is_file && output_is(a, &file)) || (a->fd >= 0 && a->fd == b->fd))
        return true;
    /* Two files that are not there yet are told apart by their names. */
    struct stat of_a, of_b;
    return a->temporary && b->temporary &&
           strcmp(last_part(a->target), last_part(b->target)) == 0 &&
           stat_folder(a->target, &of_a) == 0 && stat_folder(b->target, &of_b) == 0 &&
           of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

static void forget(output *o)
{
    free(o->held);
    free(o->temporary);
    free(o->target);
    o->held = o->temporary = o->target = NULL;
    o->fd = -1;
}

static bool failed(output *o)
{
    o->error = errno;
    return false;
}

bool output_patch(output *o, const char *text, size_t len)
{
    if (o->error || o->over || !write_held(o, o->len))
        return false;
    off_t at = 0;
    while (len > 0) {
        ssize_t n = pwrite(o->fd, text, len, at);
        if (n < 0 && errno != EINTR)
            return failed(o);
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
        at += n > 0 ? n : 0;
    }
    return true;
}

bool output_sync(output *o)
{
    if (o->error || o->over || !write_held(o, o->len))
        return false;
    return fsync(o->fd) == 0 || failed(o);
}

/* A new name is on the disk when its folder is. */
static bool sync_folder(output *o)
{
    const char *slash = strrchr(o->target, '/');
    size_t len = slash ? (size_t)(slash + 1 - o->target) : 0;
    char *folder = malloc(len + 2);
    if (!folder)
        return failed(o);
    snprintf(folder, len + 2, "%.*s", len ? (int)len : 1, len ? o->target : ".");
    int fd = open(folder, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL); /* some need none, and say so */
    if (!done)
        failed(o);
    free(folder);
    if (fd >= 0)
        close(fd);
    return done;
}

static bool take_name(output *o)
{
    if (stop_requested()) {
        o->over = true;
        return false;
    }
    if (rename(o->temporary, o->target) < 0)
        return failed(o);
    free(o->temporary);
    o->temporary = NULL;
    return !o->durable || sync_folder(o);
}

static bool close_file(output *o)
{
    /* Standard error stays open for what is still to be said. */
    int fd = o->fd;
    o->fd = -1;
    return fd == STDERR_FILENO || close(fd) == 0 || errno == EINTR || failed(o);
}

/* Without `durable` no fsync, as with sort and cp: the input is still there to make the output
   again. A lock is held until the file has its name. */
bool output_finish(output *o)
{
    if (o->error || o->over || !write_held(o, o->len))
        return false;
    if (o->replaces && fchmod(o->fd, o->mode) < 0)
        return failed(o);
    if (o->durable && o->is_file && fsync(o->fd) < 0)
        return failed(o);
    if (!o->locked && !close_file(o))
        return false;
    if (o->temporary && !take_name(o))
        return false;
    if (o->locked && !close_file(o))
        return false;
    forget(o);
    return true;
}

void output_abandon(output *o, bool keep)
{
    if (o->held && o->fd >= 0 && keep && !o->temporary && !o->error && !o->over) {
        size_t whole = whole_lines(o, o->held, o->len);
        if (stop_requested())
            write_last(o, o->held, whole);
        else
            write_all(o, o->held, whole);
    }
    if (o->temporary)
        unlink(o->temporary);
    if (o->fd > STDERR_FILENO)
        close(o->fd);
    if (o->held)
        forget(o);
}
