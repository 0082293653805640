#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system calls of this architecture are not known to the filter"
#endif

#define REFUSE(error) (SECCOMP_RET_ERRNO | ((error) & SECCOMP_RET_DATA))
#define PRETEND SECCOMP_RET_ERRNO
#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
// The halves of an argument: both architectures are little-endian. Of numbers the kernel looks at the low one only.
#define ARGUMENT(index) ((uint32_t)(offsetof(struct seccomp_data, args) + 8 * (index)))
#define ARGUMENT_HIGH(index) (ARGUMENT(index) + 4)

// Refused with EPERM, whatever the arguments.
static const int refused[] = {
    // Mounts and namespaces: the walls of the sandbox.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare, SYS_open_tree, SYS_move_mount,
    SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr,
    // The kernel itself.
    SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_acct, SYS_quotactl, SYS_syslog, SYS_lookup_dcookie,
    SYS_nfsservctl, SYS_vhangup, SYS_fanotify_init,
    // Keys of the session, which no namespace separates.
    SYS_keyctl, SYS_add_key, SYS_request_key,
    // The clock and names of the machine.
    SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname,
    // Files by handle pass by the mounts.
    SYS_open_by_handle_at, SYS_name_to_handle_at,
    // Memory policy of other processes, and a barrier that flushes every core.
    SYS_migrate_pages, SYS_move_pages,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_quotactl_fd
    SYS_quotactl_fd,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS__sysctl, SYS_create_module,
    SYS_get_kernel_syms, SYS_query_module,
#endif
};

// Refused unless permissive: looking into other processes, and their descriptors.
static const int tracing[] = {SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd,
    SYS_process_madvise};

// Said not to exist, so that programs fall back to what the filter can judge: clone3 hides its flags in memory, and
// io_uring opens sockets and files without a system call.
static const int absent[] = {SYS_clone3, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    // open_tree_attr, which the headers may not know yet; the same number everywhere.
    467};

// The last system call that was looked at for this list (file_setattr; the same number everywhere). What the kernel
// learns later does not exist for programs until somebody has judged it.
enum { last_known = 469 };

#define NAMESPACES                                                                                                   \
    (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | 0x80)

// Sockets that a network namespace holds, or that need no network. All others (vsock reaches the hypervisor, packet
// and alg the kernel) are refused.
static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

struct program {
    struct sock_filter lines[512];
    unsigned short count;
};

static void add(struct program *program, uint16_t code, uint32_t value, uint8_t yes, uint8_t no) {
    program->lines[program->count++] = (struct sock_filter)BPF_JUMP(code, value, yes, no);
}

static void load(struct program *program, uint32_t offset) { add(program, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }
static void give(struct program *program, uint32_t verdict) { add(program, BPF_RET | BPF_K, verdict, 0, 0); }

// If the call is `number`, the verdict; otherwise goes on.
static void on(struct program *program, int number, uint32_t verdict) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
    give(program, verdict);
}

static void refuse_all(struct program *program, const int *numbers, size_t count, uint32_t verdict) {
    for (size_t index = 0; index < count; index++) on(program, numbers[index], verdict);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void judge_clone(struct program *program) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
    load(program, ARGUMENT(0));
    add(program, BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1);
    give(program, REFUSE(EPERM));
    give(program, SECCOMP_RET_ALLOW);
}

// Keys pushed into a terminal would be read by whoever holds its other end; a line discipline is a kernel module that
// the kernel loads for whoever asks.
static void judge_ioctl(struct program *program) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 6);
    load(program, ARGUMENT(1));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 2, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, TIOCSETD, 1, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, TIOCLINUX, 0, 1);
    give(program, REFUSE(EPERM));
    give(program, SECCOMP_RET_ALLOW);
}

static void judge_socket(struct program *program, int number) {
    const uint8_t most = COUNT(families);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, (uint8_t)(most + 7));
    load(program, ARGUMENT(0));
    // Of netlink only addresses and routes: the rest is the kernel's talk with the system's daemons.
    add(program, BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 3);
    load(program, ARGUMENT(2));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, NETLINK_ROUTE, (uint8_t)(most + 2), 0);
    give(program, REFUSE(EPROTONOSUPPORT));
    for (uint8_t index = 0; index < most; index++) {
        add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)families[index], (uint8_t)(most - index), 0);
    }
    give(program, REFUSE(EAFNOSUPPORT));
    give(program, SECCOMP_RET_ALLOW);
}

// What a program is to be (an old Unix, another word size) may be asked and set to Linux; flags that weaken the layout
// of its memory survive into programs that it starts.
static void judge_personality(struct program *program) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_personality, 0, 6);
    load(program, ARGUMENT(0));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 8 /* PER_LINUX32 */, 2, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 1, 0);
    give(program, REFUSE(EPERM));
    give(program, SECCOMP_RET_ALLOW);
}

// The limit of core files stays what init has set, and who changes it is told that it was done: at any other value the
// machine's handler of crashes would run for it, outside and as root.
static void judge_core_limit(struct program *program) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_setrlimit, 0, 4);
    load(program, ARGUMENT(0));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, RLIMIT_CORE, 0, 1);
    give(program, PRETEND);
    give(program, SECCOMP_RET_ALLOW);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 8);
    load(program, ARGUMENT(1));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, RLIMIT_CORE, 0, 5);
    load(program, ARGUMENT(2));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2);
    load(program, ARGUMENT_HIGH(2));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
    give(program, PRETEND);
    give(program, SECCOMP_RET_ALLOW);
}

int filter_install(bool permissive) {
    struct program program = {.count = 0};
    load(&program, FIELD(arch));
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    give(&program, SECCOMP_RET_KILL_PROCESS);
    load(&program, FIELD(nr));
#if defined(__x86_64__)
    // The x32 calls are the same calls by other numbers.
    add(&program, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    give(&program, REFUSE(ENOSYS));
#endif
    add(&program, BPF_JMP | BPF_JGT | BPF_K, last_known, 0, 1);
    give(&program, REFUSE(ENOSYS));
    refuse_all(&program, refused, COUNT(refused), REFUSE(EPERM));
    if (!permissive) refuse_all(&program, tracing, COUNT(tracing), REFUSE(EPERM));
    refuse_all(&program, absent, COUNT(absent), REFUSE(ENOSYS));
    judge_clone(&program);
    judge_ioctl(&program);
    if (!permissive) judge_personality(&program);
    judge_core_limit(&program);
    judge_socket(&program, SYS_socket);
    judge_socket(&program, SYS_socketpair);
    give(&program, SECCOMP_RET_ALLOW);
    struct sock_fprog code = {.len = program.count, .filter = program.lines};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &code);
}
