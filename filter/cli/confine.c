#if defined(__linux__)
#define _GNU_SOURCE /* syscall, O_PATH */
#endif

#include "cli/confine.h"

/* UNCONFINED: tools that look at the program write and read files of their own at its end. */
#if defined(__linux__) && !defined(UNCONFINED)
#include <sys/prctl.h>
#include <sys/syscall.h>
#if defined(SYS_landlock_restrict_self) && defined(__has_include)
#if __has_include(<linux/landlock.h>)
#define HAVE_LANDLOCK 1
#endif
#endif
#endif

#if defined(HAVE_LANDLOCK)

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* By version of the interface, as headers may be older than the kernel. */
enum {
    VERSION_TRUNCATE = 3,
    VERSION_TCP = 4,
    FILES_FIRST = (1 << 13) - 1, /* all rights of version 1 */
    FILES_TRUNCATE = 1 << 14,
    TCP_BIND_CONNECT = 3
};

/* What is forbidden unless a rule allows it. Rights that a kernel does not know must be 0. */
typedef struct {
    uint64_t files, tcp;
} handled;

void confine_begin(confinement *c, bool runs_programs)
{
    *c = (confinement){.rules = -1, .reads = runs_programs};
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    handled all = {.files = FILES_FIRST};
    if (version >= VERSION_TRUNCATE)
        all.files |= FILES_TRUNCATE;
    if (runs_programs)
        all.files &= ~(uint64_t)(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                                 LANDLOCK_ACCESS_FS_READ_DIR);
    if (version >= VERSION_TCP)
        all.tcp = TCP_BIND_CONNECT;
    if (version > 0)
        c->rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
}

/* Allows `rights` at, and below, a file or folder. */
static void allow(confinement *c, const char *path, uint64_t rights)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights};
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    /* EBADFD: a pipe by its name in /proc, which is nobody's to forbid. */
    if (rule.parent_fd < 0 ||
        (syscall(SYS_landlock_add_rule, c->rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0 &&
         errno != EBADFD))
        c->failed = true;
    if (rule.parent_fd >= 0)
        close(rule.parent_fd);
}

static int folder_length(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? (int)(slash + 1 - name) : 0;
}

static void allow_folder(confinement *c, const char *name, uint64_t rights)
{
    size_t len = (size_t)folder_length(name);
    char *path = len ? strndup(name, len) : strdup(".");
    if (path)
        allow(c, path, rights);
    else
        c->failed = true;
    free(path);
}

void confine_keep_reading(confinement *c, const char *name)
{
    struct stat file;
    if (c->rules < 0 || c->failed || c->reads)
        return;
    if (lstat(name, &file) == 0 && S_ISLNK(file.st_mode))
        allow(c, name, LANDLOCK_ACCESS_FS_READ_FILE);
    int len = folder_length(name);
    if (c->folder && c->folder_len == len && memcmp(c->folder, name, (size_t)len) == 0)
        return; /* one rule for dir/a, dir/b, dir/c... */
    allow_folder(c, name, LANDLOCK_ACCESS_FS_READ_FILE);
    c->folder = name;
    c->folder_len = len;
}

void confine_keep_replacing(confinement *c, const char *name)
{
    uint64_t rights = LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG;
    if (!c->reads) /* a right that is not given up cannot be given either */
        rights |= LANDLOCK_ACCESS_FS_READ_DIR;
    if (c->rules >= 0 && !c->failed && name)
        allow_folder(c, name, rights);
}

void confine_end(confinement *c)
{
    bool given_up = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    if (c->rules < 0)
        return;
    if (given_up && !c->failed)
        (void)syscall(SYS_landlock_restrict_self, c->rules, 0);
    close(c->rules);
}

#else

void confine_begin(confinement *c, bool runs_programs)
{
    *c = (confinement){.rules = -1, .reads = runs_programs};
}

void confine_keep_reading(confinement *c, const char *name)
{
    (void)c;
    (void)name;
}

void confine_keep_replacing(confinement *c, const char *name)
{
    (void)c;
    (void)name;
}

void confine_end(confinement *c)
{
    (void)c;
}

#endif
