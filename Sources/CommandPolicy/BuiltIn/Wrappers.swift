extension CommandPolicy {
    /// Programs that run others. One that is missing here hides nothing as long as it is not an allowed program.
    public static let builtInWrappers: [PolicyWrapper] = [
        PolicyWrapper(["env", "printenv"], values: ["-u|--unset", "-C|--chdir"], strings: ["-S|--split-string"]),
        PolicyWrapper(["nice", "gnice"], values: ["-n|--adjustment"]),
        PolicyWrapper(["ionice"], values: ["-c|--class", "-n|--classdata", "-p|--pid"]),
        PolicyWrapper(["timeout", "gtimeout"], values: ["-s|--signal", "-k|--kill-after"], operands: 1),
        PolicyWrapper(
            [
                "nohup", "setsid", "command", "builtin", "noglob", "nocorrect", "caffeinate", "unbuffer", "fakeroot",
                "dbus-run-session", "dbus-launch", "stdbuf", "catchsegv", "eatmydata", "pkexec", "setarch", "linux*",
                "macos", "seatbelt", "landlock", "spawn", "windows",
                "i386", "x86_64", "aarch64", "uname26", "rlwrap", "ltrace", "chronic", "ifne", "errno", "daemonize",
                "torsocks", "torify", "proxychains*", "doas", "run0", "gosu", "su-exec", "runuser", "firejail",
                "xvfb-run",
                "primusrun", "optirun", "busybox", "toybox", "sudo-rs", "trickle", "cpulimit", "numactl", "schedtool",
            ],
            values: ["-i", "-o", "-e", "-u", "-g", "-n", "-s", "-l", "--user", "--group"]),
        PolicyWrapper(["exec"], values: ["-a"]),
        PolicyWrapper(["time"], values: ["-f|--format", "-o|--output"]),
        PolicyWrapper(
            ["sudo"],
            values: [
                "-u|--user", "-g|--group", "-h|--host", "-p|--prompt", "-C|--close-from", "-T", "-U",
                "-D|--chdir", "-R|--chroot", "-r|--role", "-t|--type",
            ]),
        PolicyWrapper(
            ["taskset", "chrt"], values: ["-T|--sched-runtime", "-P|--sched-period", "-D|--sched-deadline"], operands: 1
        ),
        PolicyWrapper(
            ["flock", "lckdo", "setlock", "chpst", "setuidgid", "softlimit", "pgrphack"],
            values: ["-w|--timeout|--wait", "-E|--conflict-exit-code", "-T", "-P", "-D", "-u", "-U", "-m", "-o", "-p"],
            operands: 1, strings: ["-c|--command"]),
        PolicyWrapper(
            [
                "prlimit", "cgexec", "systemd-run", "setpriv", "capsh", "aa-exec", "runcon", "choom", "uclampset",
                "systemd-inhibit", "systemd-cat", "start-stop-daemon", "daemon",
            ],
            values: ["-p|--property|--pid", "-g", "-u|--unit|--user", "-n", "-x|--exec|--startas", "-a|--adjust"],
            strings: ["-c"]),
        PolicyWrapper(
            ["unshare", "nsenter", "proot", "bwrap", "systemd-nspawn", "fakechroot"],
            values: [
                "-t|--target", "-S|--setuid", "-G|--setgid", "--userspec", "--groups", "-r|--root", "-w|--wd", "-R",
                "--map-user", "--map-group", "--propagation", "-D|--directory", "-M|--machine",
            ]),
        PolicyWrapper(["chroot"], values: ["--userspec", "--groups"], operands: 1),
        PolicyWrapper(
            ["xargs", "gxargs"],
            values: [
                "-I", "-n|--max-args", "-P|--max-procs", "-d|--delimiter", "-a|--arg-file",
                "-E", "-L|--max-lines", "-s|--max-chars", "--process-slot-var",
            ], appends: true),
        PolicyWrapper(
            ["parallel", "sem", "rush", "pexec"], .text,
            values: [
                "-j|--jobs", "-I", "-n", "-N", "-L", "-a|--arg-file", "-d|--delimiter", "-C|--colsep", "--joblog",
                "--results",
                "--delay", "--timeout", "-S|--sshlogin", "--tmpdir", "--workdir",
            ]),
        PolicyWrapper(
            ["watch", "eval", "hyperfine", "entr", "chokidar", "nodemon", "inotifywait", "on", "reflex"], .text,
            values: ["-n|--interval", "-w|--warmup", "-r|--runs", "-p|--prepare", "-c|--cleanup", "-s|--setup"],
            strings: ["-p|--prepare", "--cleanup", "--setup", "--exec"]),
        PolicyWrapper(
            [
                "trap", "screen", "byobu", "dtach", "abduco", "at", "batch", "ssh", "mosh", "rsh", "expect", "dialog",
                "xterm", "gnome-terminal", "konsole", "script", "socat",
            ], .text,
            values: ["-s", "-n", "-S", "-t", "-x", "-y", "-F", "-p", "-i", "-l", "-o", "-L", "-f", "-e", "-P"],
            strings: ["-c|--command"]),
        PolicyWrapper(["alias"], .definitions),
        PolicyWrapper(
            ["strace", "perf", "valgrind", "gdb", "lldb", "rr", "heaptrack", "ltrace"],
            values: [
                "-o|--output", "-e|--trace|--event", "-p|--attach|--pid", "-s", "-u|--user", "-E", "-P", "-a", "-b",
                "-O", "-S", "-I",
                "-X", "-x", "-ex", "-iex", "--args",
            ]),
        PolicyWrapper(
            ["ld.so", "ld-linux*", "ld-musl*", "ld64.so*", "ld-2*"],
            values: ["--library-path", "--preload", "--audit", "--argv0", "--inhibit-rpath", "--glibc-hwcaps-prepend"]),
        PolicyWrapper(["coreutils"], values: []),
        PolicyWrapper(
            ["npx", "bunx", "pnpx", "uvx"], values: ["-p|--package", "--from", "--with"], strings: ["-c|--call"]),
        PolicyWrapper(
            [
                "npm", "pnpm", "yarn", "pipx", "uv", "poetry", "pipenv", "bundle", "rbenv", "pyenv", "mise", "asdf",
                "direnv",
                "conda", "nix", "dotenv", "doppler", "infisical", "chamber", "aws-vault", "op", "rye", "hatch", "pdm",
                "devbox",
            ],
            values: ["-C", "--prefix", "-p|--package"], operands: 1,
            after: ["exec", "x", "dlx", "run", "shell", "develop"],
            strings: ["--call"]),
        PolicyWrapper(["direnv"], operands: 2, after: ["exec"]),
        PolicyWrapper(
            ["codex"], values: ["-c|--config", "-p|--profile", "-C|--cd"], operands: 1, after: ["sandbox", "debug"]),
        PolicyWrapper(
            ["tmux"], .text, values: ["-s", "-n", "-t", "-x", "-y", "-F", "-L", "-S", "-f", "-c", "-e", "-l", "-b"],
            operands: 1,
            after: [
                "new-session", "new", "new-window", "neww", "split-window", "splitw", "respawn-pane", "respawnp",
                "respawn-window", "respawnw", "run-shell", "run", "if-shell", "if", "send-keys", "send", "pipe-pane",
                "popup",
                "display-popup",
            ]),
        PolicyWrapper(["source", "."], .shell),
        PolicyWrapper(
            ["find", "gfind", "fd", "fdfind"], .markers,
            markers: ["-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec", "--exec-batch"]),
        PolicyWrapper(
            [
                "tar", "bsdtar", "gtar", "rsync", "split", "sort", "man", "less", "git", "zip", "nix-shell", "su",
                "vim", "ncat", "nc",
                "openssl", "dotnet", "scp", "sftp", "curl", "more", "most", "ssh-keygen",
            ], .options,
            strings: [
                "-I|--use-compress-program|--to-command", "-e|--rsh", "--filter", "--compress-program", "-P|--pager",
                "--exec|--sh-exec", "--run|--command", "-c",
            ]),
        PolicyWrapper(
            shells, .shell, values: ["-o", "-O", "--rcfile|--init-file", "-C"], strings: ["-c|--command|-Command"]),
        PolicyWrapper(
            ["python", "python-*", "pypy", "ipython", "bpython", "jython", "sage"], .code, values: ["-m", "-W", "-X"],
            strings: ["-c"]),
        PolicyWrapper(
            [
                "perl", "ruby", "jruby", "irb", "raku", "lua", "luajit", "php", "php-*", "rscript", "r", "julia",
                "octave", "elixir",
                "erl", "guile", "sbcl", "clisp", "racket", "scala", "groovy", "kotlin", "jshell", "swipl", "gjs",
                "osascript", "tclsh",
                "wish", "crystal", "nim", "ghc", "runghc", "ocaml", "gst", "factor", "gforth", "swift",
            ], .code,
            values: ["-I", "-M", "-r|--require"],
            strings: ["-e|-E|--eval|--expression", "-r|--run", "-B", "-R"]),
        PolicyWrapper(
            ["node", "nodejs", "deno", "bun", "qjs", "d8", "ts-node", "tsx", "electron"], .code,
            values: ["-r|--require", "--import"],
            strings: ["-e|--eval", "-p|--print"]),
        PolicyWrapper(
            ["awk", "gawk", "mawk", "nawk", "original-awk", "busybox-awk"], .code,
            values: ["-F|--field-separator", "-v|--assign", "-f|--file"], operands: 1, strings: ["-e|--source"]),
    ]
}
