#include "cli/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* What such files begin with is no text. */
static const struct {
    const char *ending, *program, *beginning;
} PROGRAMS[] = {{".gz", "gzip", "\x1F\x8B\x08"},
                {".zst", "zstd", "\x28\xB5\x2F\xFD"},
                {".xz", "xz", "\xFD\x37\x7A\x58\x5A"},
                {".bz2", "bzip2", "BZh91AY&SY"}};

enum { PROGRAM_COUNT = sizeof PROGRAMS / sizeof *PROGRAMS };

const char *unpack_program(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < PROGRAM_COUNT; i++) {
        size_t end = strlen(PROGRAMS[i].ending);
        if (len > end && strcmp(name + len - end, PROGRAMS[i].ending) == 0)
            return PROGRAMS[i].program;
    }
    return NULL;
}

const char *unpack_guess(const void *bytes, size_t len)
{
    for (size_t i = 0; i < PROGRAM_COUNT; i++) {
        size_t need = strlen(PROGRAMS[i].beginning);
        if (len >= need && memcmp(bytes, PROGRAMS[i].beginning, need) == 0)
            return PROGRAMS[i].program;
    }
    return NULL;
}

static void close_both(int *ends)
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

/* A pipe that no other program inherits. */
static int own_pipe(int *ends)
{
    if (pipe(ends) < 0)
        return -1;
    if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0)
        return 0;
    close_both(ends);
    ends[0] = ends[1] = -1;
    return -1;
}

/* Where SIGCHLD is ignored, nobody learns how a child ended. */
static void listen_to_children(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &action, NULL);
}

/* Returns 0, or an errno. Descriptors 0, 1 and 2 are open here, so none of ours is one of them. */
static int spawn(unpack *u, int in, int out, int complaints)
{
    char *arguments[] = {(char *)u->program, "-dc", NULL};
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    if ((error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO)) == 0)
        error = posix_spawnp(&u->child, u->program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int unpack_begin(unpack *u, const char *program, int file)
{
    int text[2] = {-1, -1}, complaints[2] = {-1, -1};
    *u = (unpack){.program = program, .complaints = -1};
    listen_to_children();
    int error = own_pipe(text) < 0 || own_pipe(complaints) < 0 ? errno : 0;
    if (error == 0)
        error = spawn(u, file, text[1], complaints[1]);
    if (error) {
        u->child = 0;
        close_both(text);
        close_both(complaints);
        errno = error;
        return -1;
    }
    close(text[1]);
    close(complaints[1]);
    u->complaints = complaints[0];
    return text[0];
}

/* Returns the status of waitpid; -1, which is no exit, where there is none. */
static int wait_for(pid_t child)
{
    int status;
    pid_t ended;
    do
        ended = waitpid(child, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended < 0 ? -1 : status;
}

/* The first line that is not empty of what the program said; what does not fit is left out. */
static void read_complaint(const unpack *u, char *complaint, size_t size)
{
    char said[512];
    size_t len = 0;
    ssize_t n;
    while ((n = read(u->complaints, said + len, sizeof said - 1 - len)) > 0 ||
           (n < 0 && errno == EINTR))
        len += n > 0 ? (size_t)n : 0;
    said[len] = '\0';
    const char *line = said + strspn(said, "\r\n");
    size_t name = strlen(u->program);
    if (strncmp(line, u->program, name) == 0 && line[name] == ':')
        line += name + 1;
    line += strspn(line, " ");
    if (!*line)
        line = "failed";
    snprintf(complaint, size, "%s: %.*s", u->program, (int)strcspn(line, "\r\n"), line);
}

bool unpack_end(unpack *u, bool read_to_end, char *complaint, size_t size)
{
    if (!read_to_end)
        kill(u->child, SIGKILL); /* it waits for a reader, or for its input */
    int status = wait_for(u->child);
    bool whole = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (read_to_end && !whole)
        read_complaint(u, complaint, size);
    close(u->complaints);
    u->child = 0;
    u->complaints = -1;
    return whole || !read_to_end;
}
