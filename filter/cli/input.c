#include "cli/input.h"

#include "cli/stop.h"
#include "cli/system.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

bool input_is_idle(input *in, int timeout_ms)
{
    if (!in->waits || in->ready)
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
        if (n >= 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
            return n;
    }
}

uint64_t input_position(const input *in)
{
    off_t at = in->waits ? 0 : lseek(in->fd, 0, SEEK_CUR);
    return at > 0 ? (uint64_t)at : 0;
}

void input_close(input *in)
{
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    in->fd = -1;
}
