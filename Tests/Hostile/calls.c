#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/reboot.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"

#define TRY(name, ...) hostile_told(name, (errno = 0, syscall(__VA_ARGS__)))

static void mounts(void) {
    TRY("mount-tmpfs", SYS_mount, "none", "/tmp", "tmpfs", 0, NULL);
    TRY("mount-proc", SYS_mount, "proc", "/tmp", "proc", 0, NULL);
    TRY("mount-overlay", SYS_mount, "overlay", "/tmp", "overlay", 0, "lowerdir=/usr,upperdir=/tmp,workdir=/tmp");
    TRY("mount-fuse", SYS_mount, "fuse", "/tmp", "fuse", 0, "fd=0,rootmode=40000,user_id=0,group_id=0");
    TRY("mount-cgroup", SYS_mount, "cgroup", "/tmp", "cgroup", 0, "memory");
    TRY("mount-bind", SYS_mount, "/", "/tmp", NULL, MS_BIND, NULL);
    TRY("mount-remount-writable", SYS_mount, NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL);
    TRY("umount", SYS_umount2, "/tmp", MNT_DETACH);
    TRY("pivot-root", SYS_pivot_root, ".", ".");
    TRY("chroot", SYS_chroot, "/tmp");
    TRY("open-tree", SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */);
    TRY("open-tree-attr", 467, AT_FDCWD, "/", 1, NULL, 0);
    TRY("move-mount", SYS_move_mount, AT_FDCWD, "/usr", AT_FDCWD, "/tmp", 0);
    TRY("fsopen", SYS_fsopen, "tmpfs", 0);
    TRY("fsconfig", SYS_fsconfig, -1, 0, NULL, NULL, 0);
    TRY("fsmount", SYS_fsmount, -1, 0, 0);
    TRY("fspick", SYS_fspick, AT_FDCWD, "/", 0);
    TRY("mount-setattr", SYS_mount_setattr, AT_FDCWD, "/tmp", 0, NULL, 0);
}

static long in_child(long made) {
    if (made == 0) _exit(0);
    return made;
}

static void children(void) {
    struct {
        uint64_t flags, rest[10];
    } arguments = {.flags = CLONE_NEWUSER};
    hostile_told("clone-user", in_child(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)));
    hostile_told("clone-mount", in_child(syscall(SYS_clone, CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0)));
    hostile_told(
        "clone-user-high-bits", in_child(syscall(SYS_clone, 0x100000000 | CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)));
    hostile_told("clone3-user", in_child(syscall(SYS_clone3, &arguments, sizeof arguments)));
}

static void namespaces(void) {
    TRY("setns", SYS_setns, open("/proc/self/ns/uts", O_RDONLY), 0);
    TRY("setns-of-init", SYS_setns, open("/proc/1/ns/mnt", O_RDONLY), 0);
    TRY("unshare-mount", SYS_unshare, CLONE_NEWNS);
    TRY("unshare-net", SYS_unshare, CLONE_NEWNET);
    TRY("unshare-cgroup", SYS_unshare, CLONE_NEWCGROUP);
    TRY("unshare-time", SYS_unshare, 0x80);
    TRY("unshare-user", SYS_unshare, CLONE_NEWUSER);
}

static void kernel(void) {
    union bpf_attr map = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    struct perf_event_attr event = {
        .type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_CPU_CLOCK, .exclude_kernel = 1};
    struct timespec wrong = {0, -1};
    struct timex look = {.modes = 0};
    char ring[128] = {0};
    TRY("bpf", SYS_bpf, BPF_MAP_CREATE, &map, sizeof map);
    TRY("perf-event", SYS_perf_event_open, &event, 0, -1, -1, 0);
    TRY("userfaultfd", SYS_userfaultfd, UFFD_USER_MODE_ONLY);
    TRY("io-uring", SYS_io_uring_setup, 1, ring);
    TRY("kexec", SYS_kexec_load, 0, 0, NULL, 0);
#ifdef SYS_kexec_file_load
    TRY("kexec-file", SYS_kexec_file_load, -1, -1, 0, NULL, 0);
#endif
    TRY("init-module", SYS_init_module, "", 0, "");
    TRY("finit-module", SYS_finit_module, -1, "", 0);
    TRY("delete-module", SYS_delete_module, "no-such-module", 0);
    // Turns Ctrl-Alt-Del into a signal, which it is everywhere today.
    TRY("reboot", SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF, NULL);
    TRY("swapon", SYS_swapon, "/no/such/file", 0);
    TRY("swapoff", SYS_swapoff, "/no/such/file");
    TRY("acct", SYS_acct, "/no/such/file");
    TRY("quotactl", SYS_quotactl, 0, NULL, 0, NULL);
    TRY("syslog", SYS_syslog, 10, NULL, 0);
    TRY("fanotify", SYS_fanotify_init, 0, 0);
    TRY("settimeofday", SYS_clock_settime, CLOCK_REALTIME, &wrong);
    TRY("adjtimex", SYS_adjtimex, &look);
    TRY("sethostname", SYS_sethostname, "escaped", 7);
    TRY("setdomainname", SYS_setdomainname, "escaped", 7);
    TRY("unknown-call", 470, 0, 0, 0);
#ifdef SYS_iopl
    TRY("iopl", SYS_iopl, 3);
    TRY("ioperm", SYS_ioperm, 0x80, 1, 1);
    TRY("modify-ldt", SYS_modify_ldt, 0, ring, sizeof ring);
#endif
}

static void others(void) {
    char text[8] = {0};
    struct iovec own = {text, sizeof text}, foreign = {text, sizeof text};
    pid_t init = 1;
    TRY("keyctl", SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1);
    TRY("add-key", SYS_add_key, "user", "pandar", "x", 1, KEY_SPEC_PROCESS_KEYRING);
    TRY("request-key", SYS_request_key, "user", "pandar", NULL, 0);
    TRY("name-to-handle", SYS_name_to_handle_at, AT_FDCWD, "/", NULL, NULL, 0);
    TRY("ptrace-init", SYS_ptrace, PTRACE_SEIZE, init, 0, 0);
    TRY("read-memory-of-init", SYS_process_vm_readv, init, &own, 1, &foreign, 1, 0);
    TRY("write-memory-of-init", SYS_process_vm_writev, init, &own, 1, &foreign, 1, 0);
    TRY("open-memory-of-init", SYS_openat, AT_FDCWD, "/proc/1/mem", O_RDWR);
    TRY("open-environment-of-init", SYS_openat, AT_FDCWD, "/proc/1/environ", O_RDONLY);
    TRY("open-descriptors-of-init", SYS_openat, AT_FDCWD, "/proc/1/fd", O_RDONLY | O_DIRECTORY);
    TRY("open-root-of-init", SYS_openat, AT_FDCWD, "/proc/1/root", O_RDONLY | O_DIRECTORY);
    TRY("open-program-of-init", SYS_openat, AT_FDCWD, "/proc/1/exe", O_RDONLY);
    TRY("kcmp", SYS_kcmp, init, getpid(), KCMP_FILE, 0, 0);
    TRY("take-descriptor-of-init", SYS_pidfd_getfd, syscall(SYS_pidfd_open, init, 0), 3, 0);
    TRY("migrate-pages", SYS_migrate_pages, 0, 0, NULL, NULL);
    TRY("personality", SYS_personality, READ_IMPLIES_EXEC);
}

int hostile_calls(void) {
    kernel();
    others();
    children();
    namespaces();
    mounts();
    // Last: where it works, every signal stops this process from now on.
    TRY("ptrace-own-child", SYS_ptrace, PTRACE_TRACEME, 0, 0, 0);
    return 0;
}
