/*
 * Runs one program of another root at the caller's own working directory:
 *   cc -DROOT='"/opt/virtualbox"' -DPROGRAM='"/usr/bin/VBoxManage"' -DMARK='"enter.c 1"' enter.c
 * The host's folders that hold users' files are bound into ROOT at the same
 * paths, so a path means the same file on both sides. Runs as root, or setuid
 * root; the program gets only the caller's own rights.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tells which enter.c this was built from. */
__attribute__((used)) static const char BUILT_FROM[] = MARK;

/* What belongs to a system; ROOT has its own. */
static const char *const OWN[] = {".", "..", "bin", "boot", "etc", "lost+found", "opt", "sbin", "usr", "var"};

static int is_same_inside(const char *folder)
{
    char inside[4200];
    struct stat theirs, ours;
    snprintf(inside, sizeof inside, ROOT "%s", folder);
    return stat(folder, &theirs) == 0 && stat(inside, &ours) == 0 && theirs.st_dev == ours.st_dev &&
           theirs.st_ino == ours.st_ino;
}

static void bind(const char *folder)
{
    char inside[512];
    if (snprintf(inside, sizeof inside, ROOT "%s", folder) >= (int)sizeof inside)
        return;
    mkdir(inside, 0755);
    mount(folder, inside, NULL, MS_BIND | MS_REC, NULL);
}

/* Binds what is not bound yet, at each call: a folder, or what is mounted below it, may be newer than the last. */
static void bind_shared(const char *cwd)
{
    int stale = !is_same_inside(cwd);
    struct dirent *entry;
    DIR *top = opendir("/");
    while (top && (entry = readdir(top))) {
        int own = strncmp(entry->d_name, "lib", 3) == 0;
        for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++)
            own |= strcmp(entry->d_name, OWN[i]) == 0;
        char path[300];
        struct stat st;
        size_t length = snprintf(path, sizeof path, "/%s", entry->d_name);
        int holds_cwd = strncmp(cwd, path, length) == 0 && cwd[length] == '/';
        if (!own && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && (!is_same_inside(path) || (stale && holds_cwd)))
            bind(path);
    }
    if (top)
        closedir(top);
    if (!is_same_inside("/var/tmp"))
        bind("/var/tmp");
}

int main(int argc, char **argv)
{
    (void)argc;
    char cwd[4096];
    if (!getcwd(cwd, sizeof cwd))
        strcpy(cwd, "/");
    bind_shared(cwd);
    if (chroot(ROOT) != 0 || setgid(getgid()) != 0 || setuid(getuid()) != 0 || (chdir(cwd) != 0 && chdir("/") != 0)) {
        fprintf(stderr, ROOT ": %s\n", strerror(errno));
        return 126;
    }
    execv(PROGRAM, argv);
    fprintf(stderr, PROGRAM ": %s\n", strerror(errno));
    return 127;
}
