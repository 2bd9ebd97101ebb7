#include "cli/input.h"

#include "cli/stop.h"
#include "cli/system.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool input_is_standard(const char *name)
{
    return strcmp(name, "-") == 0;
}

int input_open(input *in, const char *name)
{
    bool standard = input_is_standard(name);
    memset(in, 0, sizeof *in);
    in->packed = -1;
    in->name = standard ? "standard input" : name;
    in->fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (in->fd < 0)
        return -1;
    if (fstat(in->fd, &in->file) < 0 || S_ISDIR(in->file.st_mode)) {
        int error = S_ISDIR(in->file.st_mode) ? EISDIR : errno;
        input_close(in);
        errno = error;
        return -1;
    }
    in->waits = !S_ISREG(in->file.st_mode);
    if (in->waits)
        system_widen_pipe(in->fd);
    else
        system_read_ahead(in->fd);
    return 0;
}

int input_unpack(input *in)
{
    const char *program = in->fd == STDIN_FILENO ? NULL : unpack_program(in->name);
    if (!program)
        return 0;
    int text = unpack_begin(&in->unpack, program, in->fd);
    int error = errno;
    in->packed = in->fd;
    in->fd = text;
    if (text < 0) {
        snprintf(in->complaint, sizeof in->complaint, "cannot run %s: %s", program,
                 strerror(error));
        input_close(in);
        return -1;
    }
    in->waits = true; /* but without being live: it is no use to answer what waits for unpacking */
    system_widen_pipe(text);
    return 0;
}

bool input_is_idle(input *in, int timeout_ms)
{
    if (!in->waits || in->ready || in->unpack.child)
        return false;
    wait_result result = stop_wait(in->fd, POLLIN, timeout_ms);
    in->ready = result == WAIT_READY;
    return result == WAIT_TIMEOUT;
}

ssize_t input_read(input *in, void *bytes, size_t cap)
{
    for (;;) {
        /* A non-blocking descriptor answers EAGAIN; the flag is shared with other processes and
           not ours to change, so wait first. */
        if (in->waits && !in->ready && stop_wait(in->fd, POLLIN, -1) == WAIT_STOPPED)
            return 0;
        if (stop_requested())
            return 0;
        in->ready = false;
        ssize_t n = read(in->fd, bytes, cap);
        if (n == 0 && in->unpack.child &&
            !unpack_end(&in->unpack, true, in->complaint, sizeof in->complaint))
            return -1;
        if (n >= 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
            return n;
    }
}

uint64_t input_position(const input *in)
{
    int fd = in->packed >= 0 ? in->packed : in->fd;
    off_t at = S_ISREG(in->file.st_mode) ? lseek(fd, 0, SEEK_CUR) : 0;
    return at > 0 ? (uint64_t)at : 0;
}

void input_close(input *in)
{
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    if (in->packed >= 0)
        close(in->packed);
    in->fd = in->packed = -1;
    if (in->unpack.child)
        unpack_end(&in->unpack, false, in->complaint, sizeof in->complaint);
}
