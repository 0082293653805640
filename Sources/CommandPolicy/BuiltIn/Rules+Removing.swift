extension CommandPolicy {
    /// The places that hold everything else.
    static let roots = [
        "/", "/[*]", "~", "~/", "~/[*]", "[$]home*", "/bin*", "/boot*", "/dev", "/etc*", "/home", "/home/[*]", "/lib*",
        "/opt", "/proc*", "/root*", "/sbin*", "/srv", "/sys*", "/usr*", "/var", "/var/*", "..", "../..", "../../*",
    ]

    static let rulesOfRemoving: [PolicyRule] = [
        PolicyRule(
            "rm_system", .forbid, "It removes the system's or a user's directories.", programs: ["rm"],
            options: ["-r|-R|--recursive"], anyOf: roots + ["--no-preserve-root"], isLiteral: true,
            matches: ["rm -r /", "rm --rec -f //etc", "rm -Rf /usr/../", "nice rm -rf /home"],
            spares: ["rm -rf build", "rm /etc/motd", "rm -r usr"]),
        PolicyRule(
            "rm_recursive_force", .deny, "It removes directories without asking (rm -rf).", programs: ["rm"],
            options: ["-r|-R|--recursive", "-f|--force"],
            matches: [
                "rm -rf build", "rm -fr build", "rm -r -f build", "rm build -Rf", "rm --recursive --force build",
                "rm --rec --fo build", "/bin/rm -rf build", "/usr/bin/../bin/rm -rf x", "env A=1 rm -rf x",
                "nice -n 5 rm -rf x", "timeout 5 rm -rf x", "xargs rm", "sh -c 'rm -rf x'",
                "bash -lc 'cd /x && rm -rf y'",
                "busybox rm -rf x", "'r'm -r\\f x", "find . -exec rm -rf {} +",
            ],
            spares: ["rm -r build", "rm -f file", "rm -- -rf", "rmdir build", "ls -rf", "sh -c 'rm file'"]),
        PolicyRule(
            "find_removes", .deny, "It removes everything that it finds.", programs: ["find", "fd", "fdfind"],
            anyOf: ["-delete", "-exec", "-execdir", "-ok", "-okdir", "-x", "--exec", "--exec-batch"],
            andAnyOf: ["-delete", "rm", "*/rm", "unlink", "*/unlink", "shred", "*/shred", "truncate", "srm"],
            matches: ["find . -delete", "find / -type f -exec rm {} +", "find . -execdir /bin/rm -f {} ';'"],
            spares: ["find . -name '*.swift'", "find . -exec grep -n x {} +"]),
        PolicyRule(
            "shredding", .deny, "It destroys what files hold.", programs: ["shred", "srm", "wipe", "scrub"],
            matches: ["shred -u key", "nohup shred x"], spares: ["ls shred"]),
    ]

    private static let devices = [
        "/dev/sd*", "/dev/hd*", "/dev/nvme*", "/dev/vd*", "/dev/xvd*", "/dev/mmcblk*", "/dev/disk*", "/dev/mapper*",
        "/dev/dm-*", "/dev/md*", "/dev/loop*", "/dev/nbd*", "/dev/mem", "/dev/kmem", "/dev/port", "/dev/fb*",
        "/dev/disk*", "/dev/rdisk*", "/dev/block*",
    ]

    static let rulesOfDevices: [PolicyRule] = [
        PolicyRule(
            "dd_device", .forbid, "It writes to a device.", programs: ["dd", "dcfldd", "ddrescue", "pv"],
            anyOf: ["of=/dev/*", "of=dev/*", "of=../*dev/*"] + devices,
            except: [
                "of=/dev/null", "of=/dev/stdout", "of=/dev/stderr", "of=/dev/fd/*", "of=/dev/shm/*", "of=/dev/tty",
            ],
            isLiteral: true,
            matches: [
                "dd if=/dev/zero of=/dev/sda", "dd of=//dev/./sda", "dd of=/tmp/../dev/nvme0n1", "env dd OF=/dev/sda",
            ],
            spares: ["dd if=/dev/zero of=/dev/null", "dd if=/dev/sda of=image", "dd if=a of=b"]),
        PolicyRule(
            "device_write", .forbid, "It writes to a device.",
            programs: ["cp", "mv", "tee", "install", "truncate", "shred", "cat", "sh", "ln"], anyOf: devices,
            isLiteral: true, matches: ["cp image /dev/sda", "tee /dev/nvme0n1"], spares: ["tee log", "cp a b"]),
        PolicyRule(
            "file_systems", .forbid, "It makes, changes or destroys file systems and partitions.",
            programs: [
                "mkfs", "mkfs.*", "mke2fs", "mkswap", "fdisk", "sfdisk", "cfdisk", "gdisk", "sgdisk", "parted",
                "wipefs",
                "blkdiscard", "badblocks", "lvremove", "vgremove", "pvremove", "lvcreate", "mdadm", "cryptsetup",
                "losetup", "hdparm", "tune2fs", "resize2fs", "debugfs", "zpool", "diskutil", "partprobe", "e2fsck",
            ], matches: ["mkfs.ext4 /dev/sda1", "/sbin/fdisk /dev/sda", "timeout 9 wipefs -a x"], spares: ["ls mkfs"]),
        PolicyRule(
            "mounting", .forbid, "It changes what is mounted.",
            programs: ["mount", "umount", "swapon", "swapoff", "pivot_root", "fusermount", "mount.*", "sshfs"],
            anyOf: ["?*"], matches: ["mount /dev/sda1 /mnt", "umount -l /"], spares: ["mount"]),
        PolicyRule(
            "device_redirection", .forbid, "It writes to a device.", finding: .redirection, anyOf: devices,
            matches: ["sh -c 'cat x > /dev/sda'", "sh -c 'echo 1 >/dev/../dev/nvme0n1'"],
            spares: ["sh -c 'ls 2>/dev/null'"]),
        PolicyRule(
            "system_redirection", .deny,
            "It writes or reads a file of the system, a connection, or one that is run later.",
            finding: .redirection,
            anyOf: [
                "/etc/*", "/usr/*", "/boot/*", "/bin/*", "/sbin/*", "/lib*/*", "/root/*", "/proc/*", "/sys/*",
                "/var/spool/*", "/dev/tcp/*", "/dev/udp/*", "*/.ssh/*", "*/.bashrc", "*/.profile", "*/.bash_profile",
                "*/.zshrc", "*/.config/autostart/*", "*.git/hooks/*", "*.git/config", "*/.gitconfig", "*/.npmrc",
            ], except: ["/proc/self/fd/[012]"],
            matches: ["sh -c 'echo x >> /etc/passwd'", "bash -c 'exec 5<>/dev/tcp/10.0.0.1/80'"],
            spares: ["sh -c 'echo x > out.txt'"]),
    ]
}
