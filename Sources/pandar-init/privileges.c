#define _GNU_SOURCE
#include "privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

// The set that a program could ever get back, and the one that exec hands on.
static void drop_bounding_set(void) {
    for (int capability = 0; capability < 64; capability++) {
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno == EINVAL) break;
    }
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static int drop_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    drop_bounding_set();
    return (int)syscall(SYS_capset, &header, none);
}

// A user namespace that owns nothing: the mounts and the network belong to its parent, where this user is nobody.
static int enter_user_namespace(const struct options *options) {
    char map[64];
    // The maps may only be written while the process is dumpable, which the change of user has ended.
    if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) return -1;
    if (unshare(CLONE_NEWUSER) < 0) return -1;
    if (write_file("/proc/self/setgroups", "deny") < 0) return -1;
    snprintf(map, sizeof map, "%u %u 1", options->seen_uid, options->uid);
    if (write_file("/proc/self/uid_map", map) < 0) return -1;
    snprintf(map, sizeof map, "%u %u 1", options->seen_gid, options->gid);
    return write_file("/proc/self/gid_map", map);
}

// Pipes and terminals belong to whoever made them; without this /dev/stdout could not be opened.
static void own_streams(uid_t uid, gid_t gid) {
    for (int number = 0; number <= 2; number++) {
        struct stat status;
        if (fstat(number, &status) < 0 || !(S_ISFIFO(status.st_mode) || isatty(number))) continue;
        // Where it fails, only that convenience is missing.
        if (fchown(number, uid, gid) < 0) continue;
    }
}

int privileges_drop(const struct options *options, const char **stage) {
    uid_t uid = options->uid;
    gid_t gid = options->gid;
    *stage = "no_new_privs";
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -1;
    if (geteuid() == 0) {
        *stage = "user (a uid other than root must be given)";
        errno = EINVAL;
        if (uid == 0 || gid == 0) return -1;
        own_streams(uid, gid);
        drop_bounding_set();
        *stage = "groups";
        if (setgroups(0, NULL) < 0) return -1;
        *stage = "group";
        if (setresgid(gid, gid, gid) < 0) return -1;
        *stage = "user";
        if (setresuid(uid, uid, uid) < 0) return -1;
        *stage = "user namespace";
        if (enter_user_namespace(options) < 0) return -1;
    }
    *stage = "capabilities";
    if (drop_capabilities() < 0) return -1;
    // Nobody of this user may look into init or write into it.
    *stage = "dumpable";
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
