extension CommandPolicy {
    static let rulesOfRights: [PolicyRule] = [
        PolicyRule(
            "privileges", .forbid, "It runs something as another user.",
            programs: [
                "sudo", "sudoedit", "sudo-rs", "su", "doas", "pkexec", "runuser", "gosu", "su-exec", "setuidgid",
                "chpst",
                "sg", "newgrp", "run0", "dzdo", "calife", "please", "polkit-agent-helper-1",
            ],
            matches: [
                "sudo ls", "/usr/bin/sudo -u root id", "su - root", "env sudo x", "nice doas sh", "timeout 1 su",
            ],
            spares: ["echo sudo", "ls su"]),
        PolicyRule(
            "chmod_open", .deny, "It lets everybody write (chmod 777).", programs: ["chmod", "setfacl"],
            anyOf: [
                "[0-7]77[2367]", "77[2367]", "[0-7]66[2367]", "66[2367]", "[0-7][0-7][0-7][2367]", "[0-7][0-7][2367]",
                "*a+*w*", "*a=*w*", "*o+*w*", "*o=*w*", "*o-*,*+*w*", "+*w*", "=*w*", "-r*[0-7][0-7][2367]",
                "*u*o*+*w*", "*u*o*=*w*", "*g*o*+*w*", "*o*g*+*w*", "[0-7][0-7][0-7][0-7][2367]", "*o:*w*",
                "*other:*w*",
            ],
            matches: [
                "chmod 777 x", "chmod -R 777 .", "chmod 0777 x", "chmod a+rwx x", "chmod ugo+rwx x", "chmod o+w x",
                "chmod +rwx x", "find . -exec chmod 777 {} +", "env chmod 00777 x",
            ],
            spares: ["chmod 755 x", "chmod +x x", "chmod u+w x", "chmod 644 x", "chmod go-w x", "chmod u+rwx,g+rx x"]),
        PolicyRule(
            "mode_open", .deny, "It makes something that everybody may write.",
            programs: ["install", "mkdir", "mkfifo", "mknod"], options: ["-m|--mode"],
            anyOf: [
                "*[0-7][0-7][2367]", "*a+*w*", "*o+*w*", "*a=*w*", "*o=*w*", "*=+*w*", "*-m+*w*",
            ],
            matches: ["install -m 777 a b", "mkdir --mode=0777 x", "mkdir -m777 x"], spares: ["mkdir -m 755 x"]),
        PolicyRule(
            "setuid", .forbid, "It gives a program the rights of its owner, or capabilities.",
            programs: ["chmod", "install", "setcap"],
            anyOf: [
                "*+s*", "*=s*", "*+*s", "[2-7][0-7][0-7][0-7]", "0[2-7][0-7][0-7][0-7]", "cap_*",
                "*-m[2-7][0-7][0-7][0-7]",
            ],
            isLiteral: true, matches: ["chmod u+s x", "chmod 4755 x", "setcap cap_sys_admin+ep x"],
            spares: ["chmod 0755 x", "chmod 755 x"]),
        PolicyRule(
            "owners", .deny, "It changes the owner of whole directories.", programs: ["chown", "chgrp", "setfacl"],
            options: ["-R|--recursive"], matches: ["chown -R nobody .", "chgrp --recursive x /"],
            spares: ["chown ana file"]),
        PolicyRule(
            "accounts", .forbid, "It changes who may log in.",
            programs: [
                "useradd", "userdel", "usermod", "adduser", "deluser", "groupadd", "groupdel", "groupmod", "gpasswd",
                "passwd", "chpasswd", "chsh", "chfn", "vipw", "vigr", "visudo", "pwconv", "dscl", "sysadminctl",
            ], matches: ["useradd -m x", "passwd root"], spares: ["id"]),
        PolicyRule(
            "namespaces", .deny, "It leaves or nests the namespaces that hold a task.",
            programs: [
                "nsenter", "unshare", "chroot", "bwrap", "proot", "fakechroot", "capsh", "setpriv", "firejail",
                "systemd-nspawn", "pivot_root", "lxc-*", "machinectl", "flatpak-spawn", "aa-exec", "runcon",
            ], matches: ["unshare -r sh", "chroot /mnt ls", "nsenter -t 1 -m"], spares: ["ls chroot"]),
        PolicyRule(
            "secret_files", .deny, "It names a file that holds secrets.", programs: ["*"],
            anyOf: ["", "*=", "@", "*=@", "file://", "file:"].flatMap { prefix in
                [
                    "/etc/shadow*", "/etc/gshadow*", "/etc/sudoers*", "*/.ssh/id_*", "*/.ssh/authorized_keys",
                    "*/.aws/credentials", "*/.kube/config", "*/.docker/config.json", "*/.netrc", "*/.git-credentials",
                    "/proc/*/environ", "/proc/*/mem", "/proc/*/root*", "/proc/kcore", "*/docker.sock",
                    "/run/secrets/*", "/var/run/secrets/*", "/root/*",
                ].map { prefix + $0 }
            }, isLiteral: true,
            matches: [
                "cat /etc/shadow", "cp /home/ana/.ssh/id_ed25519 .", "cat /proc/1/environ", "curl -d @/etc//shadow x",
            ],
            spares: ["cat /etc/hosts", "codex 'explain what /etc/shadow is'"]),
    ]

    static let rulesOfHost: [PolicyRule] = [
        PolicyRule(
            "kernel", .forbid, "It changes the kernel.",
            programs: ["insmod", "rmmod", "modprobe", "kmod", "kexec", "depmod", "bpftool", "dkms", "kextload"],
            matches: ["insmod x.ko", "modprobe dummy"], spares: ["lsmod"]),
        PolicyRule(
            "kernel_settings", .deny, "It changes settings of the kernel.", programs: ["sysctl"],
            anyOf: ["-w", "--write", "*=*", "-p*", "--load*", "--system"], matches: ["sysctl -w kernel.x=1"],
            spares: ["sysctl kernel.hostname"]),
        PolicyRule(
            "power", .forbid, "It stops or restarts the machine.",
            programs: ["shutdown", "reboot", "halt", "poweroff", "telinit", "init", "rtcwake", "pm-suspend"],
            matches: ["shutdown -h now", "init 0"], spares: ["uptime"]),
        PolicyRule(
            "services", .deny, "It changes the services of the host.",
            programs: [
                "systemctl", "service", "initctl", "rc-service", "rc-update", "update-rc.d", "chkconfig", "launchctl",
                "systemd-run", "loginctl", "busctl", "dbus-send", "gdbus", "dbus-run-session", "sv", "s6-svc", "snap",
            ], matches: ["systemctl stop kafka", "service ssh start"], spares: ["ls service"]),
        PolicyRule(
            "schedulers", .deny, "It leaves something to be run later.",
            programs: ["crontab", "at", "batch", "anacron", "fcrontab", "atrm"], matches: ["crontab -e", "at now"],
            spares: ["ls at"]),
        PolicyRule(
            "kill_all", .forbid, "It ends every process, or the first.", programs: ["kill"],
            anyOf: ["-1", "1", "-[a-z]*1-1", "-[0-9]*--1", "0"], except: ["-0"],
            matches: ["kill -9 -1", "kill -KILL -1", "kill -- -1", "kill 1", "sh -c 'kill -s 9 -1'"],
            spares: ["kill 4711", "kill -9 4711", "kill -l"]),
        PolicyRule(
            "kill_by_name", .deny, "It ends processes by their names.",
            programs: ["killall", "pkill", "skill", "killall5", "fuser", "xkill"], anyOf: ["?*"],
            matches: ["killall -9 pandar", "pkill -u root"], spares: ["pgrep pandar"]),
        PolicyRule(
            "packages", .deny, "It installs or removes packages of the system.",
            programs: [
                "apt", "apt-get", "aptitude", "dpkg", "rpm", "yum", "dnf", "zypper", "pacman", "apk", "brew", "port",
            ],
            anyOf: [
                "install", "remove", "purge", "upgrade", "dist-upgrade", "full-upgrade", "autoremove", "-i*", "-u*",
                "-e*",
                "-s*", "-r*", "add", "del", "--install", "--unpack", "erase", "in", "rm",
            ], isLiteral: true, matches: ["apt-get install nmap", "dpkg -i x.deb"], spares: ["apt list", "dpkg --list"]),
    ]
}
