#include "cli/sets.h"

#include "cli/message.h"
#include "cli/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int set_open(set_file *f, const char *name)
{
    *f = (set_file){.name = name};
    f->fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* no FIFO holds us up */
    if (f->fd < 0 || fstat(f->fd, &f->file) < 0)
        message("%s: %s", name, strerror(errno));
    else if (!S_ISREG(f->file.st_mode))
        message("%s: not a regular file", name);
    else
        return 0;
    set_close(f);
    return -1;
}

int64_t set_read(void *user, uint64_t offset, void *bytes, size_t len)
{
    const set_file *f = user;
    if (offset > (uint64_t)INT64_MAX - len)
        return 0;
    for (;;) {
        if (stop_requested()) {
            errno = EINTR;
            return -1;
        }
        ssize_t n = pread(f->fd, bytes, len, (off_t)offset);
        if (n >= 0 || errno != EINTR)
            return n;
    }
}

void set_close(set_file *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}

int set_create(output *o, const char *name)
{
    if (output_to_locked(o, name) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        message("%s: it is being written by another process", name);
    else if (errno == EINVAL)
        message("%s: not a regular file", name);
    else
        message("%s: %s", name, strerror(errno));
    return -1;
}

int set_write(void *user, const void *bytes, size_t len)
{
    return !output_put(user, bytes, len);
}

void set_trouble(const char *name, winnow_status status, const char *fault)
{
    if (stop_requested())
        return;
    if (status == WINNOW_ERR_SOURCE)
        message("%s: %s", name, strerror(errno));
    else if (status == WINNOW_ERR_SET)
        message("%s: %s", name, fault);
    else
        message("%s: %s", name, winnow_status_text(status));
}
