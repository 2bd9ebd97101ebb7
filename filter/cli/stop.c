#include "cli/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* What the handler needs, and therefore global. */
static volatile sig_atomic_t caught;
static int wake[2] = {-1, -1}; /* a pipe: a byte in it ends any poll, whenever it began */
static pthread_t worker;       /* the thread that reads and writes */

/* SIGPIPE and SIGXFSZ come with a write that fails at once (EPIPE, EFBIG). They are here so that
   no temporary file outlives them. */
static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGPIPE, SIGXFSZ};

enum { SIGNAL_COUNT = sizeof SIGNALS / sizeof *SIGNALS };

static void set_default(int number)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, NULL);
}

/* A signal for the process may be given to any of its threads; only in the one that reads and
   writes does it interrupt a blocking call. */
static void on_signal(int number)
{
    int saved = errno;
    if (!pthread_equal(pthread_self(), worker)) {
        pthread_kill(worker, number);
    } else if (!caught) {
        caught = number;
        while (write(wake[1], "", 1) < 0 && errno == EINTR)
            continue;
    } else if (number != SIGPIPE && number != SIGXFSZ) { /* these come with every further write */
        set_default(number);
        raise(number); /* delivered when this handler returns */
    }
    errno = saved;
}

static int own_flags(int fd)
{
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
        return -1;
    return fcntl(fd, F_SETFL, O_NONBLOCK);
}

int stop_listen(void)
{
    worker = pthread_self();
    if (pipe(wake) < 0 || own_flags(wake[0]) < 0 || own_flags(wake[1]) < 0)
        return -1;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal; /* no SA_RESTART: a blocking call must end */
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        struct sigaction before;
        if (sigaction(SIGNALS[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(SIGNALS[i], &action, NULL);
    }
    return 0;
}

int stop_requested(void)
{
    return caught != 0;
}

void stop_die(void)
{
    int number = caught;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    set_default(number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
}

wait_result stop_wait(int fd, short events, int timeout_ms)
{
    struct pollfd asked[2] = {{.fd = fd, .events = events}, {.fd = wake[0], .events = POLLIN}};
    for (;;) {
        if (caught)
            return WAIT_STOPPED;
        int n = poll(asked, 2, timeout_ms);
        if (n == 0)
            return WAIT_TIMEOUT;
        /* An error is for the read or write that follows to meet and to name. */
        if ((n < 0 && errno != EINTR) || (n > 0 && asked[0].revents))
            return WAIT_READY;
    }
}

wait_result stop_wait_past_signals(int fd, short events, int timeout_ms)
{
    struct pollfd asked = {.fd = fd, .events = events};
    int n;
    do
        n = poll(&asked, 1, timeout_ms);
    while (n < 0 && errno == EINTR);
    return n == 0 ? WAIT_TIMEOUT : WAIT_READY;
}
