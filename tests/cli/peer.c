/*
 * peer: what a shell cannot do to the program at the other end of a pipe.
 *
 *     peer slow COMMAND...        non-blocking pipes at both ends of COMMAND; standard input is
 *                                 handed on in pieces with pauses, what comes back is read slowly
 *     peer live COMMAND...        one line in, then an open pipe: is it answered?
 *     peer late SIGNAL COMMAND... fills COMMAND's pipe without reading, sends SIGNAL, then reads
 *     peer deaf SIGNAL COMMAND... the same, but reads nothing until COMMAND has ended
 *     peer kill SIGNAL USEC COMMAND...   sends SIGNAL after USEC microseconds
 *     peer tty COMMAND...         standard input is a terminal; a line and Ctrl-D are typed there
 *     peer screen COLUMNS COMMAND...     standard error is a terminal; what it is shown goes to
 *                                        standard output, and what COMMAND writes there is lost
 *
 * What COMMAND writes goes to standard output. The exit status is COMMAND's, or 128 and its signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 20000, SIP = 5000, STALL_USEC = 150000, PATIENCE_MS = 5000 };

static void fatal(const char *what)
{
    fprintf(stderr, "peer: %s: %s\n", what, strerror(errno));
    exit(125);
}

static void pause_usec(long usec)
{
    struct timespec t = {usec / 1000000, usec % 1000000 * 1000};
    nanosleep(&t, NULL);
}

static void set_nonblocking(int fd)
{
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
        fatal("fcntl");
}

static void write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0)
            fatal("write");
        text += n;
        len -= (size_t)n;
    }
}

/* Starts the command; -1 for an end means ours. Signals are as a terminal's: default. */
static pid_t start(char **command, int in, int out, int close_a, int close_b)
{
    pid_t child = fork();
    if (child < 0)
        fatal("fork");
    if (child > 0)
        return child;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    if (in >= 0)
        dup2(in, STDIN_FILENO);
    if (out >= 0)
        dup2(out, STDOUT_FILENO);
    int mine[] = {in, out, close_a, close_b};
    for (size_t i = 0; i < sizeof mine / sizeof *mine; i++)
        if (mine[i] > STDERR_FILENO)
            close(mine[i]);
    execvp(command[0], command);
    fatal(command[0]);
    return -1;
}

static int status_of(pid_t child)
{
    int status;
    if (waitpid(child, &status, 0) < 0)
        fatal("waitpid");
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void drain(int fd)
{
    char text[SIP];
    ssize_t n;
    while ((n = read(fd, text, sizeof text)) > 0)
        write_all(STDOUT_FILENO, text, (size_t)n);
}

/* Reads standard input into the pipe, slowly, in a process of its own. */
static void feed_slowly(int to, int close_a, int close_b)
{
    char text[PIECE];
    ssize_t n;
    if (fork() != 0)
        return;
    close(close_a);
    close(close_b);
    while ((n = read(STDIN_FILENO, text, sizeof text)) > 0) {
        pause_usec(2000);
        write_all(to, text, (size_t)n);
    }
    _exit(0);
}

static int slow(char **command)
{
    int in[2], out[2];
    if (pipe(in) < 0 || pipe(out) < 0)
        fatal("pipe");
    set_nonblocking(in[0]);
    set_nonblocking(out[1]);
    pid_t child = start(command, in[0], out[1], in[1], out[0]);
    close(in[0]);
    close(out[1]);
    feed_slowly(in[1], out[0], out[0]);
    close(in[1]);
    char text[SIP];
    ssize_t n;
    while ((n = read(out[0], text, sizeof text)) > 0) {
        pause_usec(300);
        write_all(STDOUT_FILENO, text, (size_t)n);
    }
    return status_of(child);
}

static int live(char **command)
{
    static const char LINE[] = "The first line of a stream that goes on.\n";
    int in[2], out[2];
    if (pipe(in) < 0 || pipe(out) < 0)
        fatal("pipe");
    pid_t child = start(command, in[0], out[1], in[1], out[0]);
    close(in[0]);
    close(out[1]);
    write_all(in[1], LINE, strlen(LINE));
    struct pollfd asked = {.fd = out[0], .events = POLLIN};
    int answered = poll(&asked, 1, PATIENCE_MS);
    if (answered == 1)
        puts("answered");
    fflush(stdout);
    close(in[1]);
    drain(out[0]);
    return status_of(child);
}

static int stall(int number, char **command, int deaf)
{
    int out[2];
    if (pipe(out) < 0)
        fatal("pipe");
    pid_t child = start(command, -1, out[1], out[0], -1);
    close(out[1]);
    pause_usec(STALL_USEC);
    kill(child, number);
    if (!deaf)
        pause_usec(STALL_USEC);
    int status = deaf ? status_of(child) : 0;
    drain(out[0]);
    return deaf ? status : status_of(child);
}

static int signal_after(int number, long usec, char **command)
{
    pid_t child = start(command, -1, -1, -1, -1);
    pause_usec(usec);
    kill(child, number);
    return status_of(child);
}

/* Makes a terminal; returns our end of it. */
static int open_terminal(int *theirs)
{
    int ours = posix_openpt(O_RDWR | O_NOCTTY);
    if (ours < 0 || grantpt(ours) < 0 || unlockpt(ours) < 0)
        fatal("posix_openpt");
    *theirs = open(ptsname(ours), O_RDWR | O_NOCTTY);
    if (*theirs < 0)
        fatal("ptsname");
    return ours;
}

static int terminal(char **command)
{
    static const char TYPED[] = "A line that is typed.\n\004";
    int theirs, ours = open_terminal(&theirs);
    pid_t child = start(command, theirs, -1, ours, -1);
    write_all(ours, TYPED, strlen(TYPED));
    return status_of(child);
}

/* Line ends are left as they are written. */
static void set_screen(int terminal_fd, int columns)
{
    struct termios t;
    struct winsize size = {.ws_row = 24, .ws_col = (unsigned short)columns};
    if (tcgetattr(terminal_fd, &t) < 0)
        fatal("tcgetattr");
    t.c_oflag &= (tcflag_t)~OPOST;
    if (tcsetattr(terminal_fd, TCSANOW, &t) < 0 || ioctl(terminal_fd, TIOCSWINSZ, &size) < 0)
        fatal("terminal");
}

static int screen(int columns, char **command)
{
    int theirs, ours = open_terminal(&theirs);
    set_screen(theirs, columns);
    pid_t child = fork();
    if (child < 0)
        fatal("fork");
    if (child == 0) {
        int lost = open("/dev/null", O_WRONLY);
        dup2(lost, STDOUT_FILENO);
        dup2(theirs, STDERR_FILENO);
        close(lost);
        close(ours);
        close(theirs);
        execvp(command[0], command);
        _exit(125);
    }
    close(theirs);
    drain(ours); /* ends with EIO, when the other end is closed */
    return status_of(child);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 2 ? argv[1] : "";
    if (strcmp(mode, "slow") == 0)
        return slow(argv + 2);
    if (strcmp(mode, "live") == 0)
        return live(argv + 2);
    if (strcmp(mode, "tty") == 0)
        return terminal(argv + 2);
    if (argc > 3 && (strcmp(mode, "late") == 0 || strcmp(mode, "deaf") == 0))
        return stall(atoi(argv[2]), argv + 3, mode[0] == 'd');
    if (argc > 3 && strcmp(mode, "screen") == 0)
        return screen(atoi(argv[2]), argv + 3);
    if (argc > 4 && strcmp(mode, "kill") == 0)
        return signal_after(atoi(argv[2]), atol(argv[3]), argv + 4);
    fputs("usage: peer slow|live|tty|late SIGNAL|deaf SIGNAL|screen COLUMNS|kill SIGNAL USEC "
          "COMMAND\n", stderr);
    return 125;
}
