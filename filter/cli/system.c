#if defined(__linux__)
#define _GNU_SOURCE /* sched_getaffinity, F_SETPIPE_SZ */
#include <sched.h>
#endif

#include "cli/system.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What Linux lets every user ask for (/proc/sys/fs/pipe-max-size): a sixteenth of the turns
   between the two ends that the usual 64 KiB need. */
enum { PIPE_BYTES = 1024 * 1024 };

int system_fill_standard_fds(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
            continue;
        if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return -1;
    }
    return 0;
}

unsigned system_cores(void)
{
#if defined(__linux__)
    cpu_set_t set; /* counts to 1024 cores; with more the call fails and the next one answers */
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
#endif
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

unsigned system_columns(int fd)
{
#if defined(TIOCGWINSZ)
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0)
        return size.ws_col;
#else
    (void)fd;
#endif
    return 0;
}

void system_widen_pipe(int fd)
{
#if defined(F_SETPIPE_SZ)
    int now = fcntl(fd, F_GETPIPE_SZ);
    if (now > 0 && now < PIPE_BYTES)
        (void)fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
#else
    (void)fd;
#endif
}

void system_read_ahead(int fd)
{
#if defined(POSIX_FADV_SEQUENTIAL)
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#else
    (void)fd;
#endif
}
