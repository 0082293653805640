extension CommandPolicy {
    static let rulesOfProcesses: [PolicyRule] = [
        PolicyRule(
            "debuggers", .deny, "It looks into other processes.",
            programs: ["gdb", "lldb", "gdbserver", "reptyr", "gcore", "bpftrace", "perf", "stap", "dtrace", "frida*"],
            matches: ["gdb -p 1", "perf record -a"], spares: ["ls gdb"]),
        PolicyRule(
            "environment", .deny, "It sets a variable that makes other programs run or load something.",
            programs: ["env", "export", "declare", "typeset", "readonly", "local", "setenv", "printenv"],
            anyOf: [
                "ld_*=*", "dyld_*=*", "path=*", "bash_env=*", "env=*", "bash_func_*=*", "shellopts=*", "bashopts=*",
                "ps4=*",
                "ifs=*", "prompt_command=*", "git_ssh*=*", "git_*pager=*", "git_*editor=*", "git_config*=*",
                "git_external_diff=*", "git_askpass=*", "git_proxy_command=*", "git_exec_path=*", "git_template_dir=*",
                "ssh_askpass=*", "pager=*", "editor=*", "visual=*", "browser=*", "pythonstartup=*", "pythonpath=*",
                "pythonhome=*", "pythoninspect=*", "perl5opt=*", "perl5lib=*", "perl5db=*", "rubyopt=*", "rubylib=*",
                "node_options=*", "node_path=*", "java_tool_options=*", "_java_options=*", "gconv_path=*",
                "less*=*", "manpager=*", "makeflags=*", "shell=*", "cc=*", "rustc_wrapper=*", "cargo_*=*", "gopath=*",
                "goflags=*", "npm_config_*=*", "openai_base_url=*", "anthropic_base_url=*", "google_gemini_base_url=*",
                "node_tls_reject_unauthorized=*", "*_proxy=*",
            ], isLiteral: true,
            matches: [
                "env LD_PRELOAD=/tmp/x.so codex", "sh -c 'GIT_SSH_COMMAND=x git fetch'", "env -i PATH=/tmp codex",
            ],
            spares: ["env LANG=C codex", "sh -c 'CI=1 codex audit'"]),
    ]

    private static let gitValues = [
        "-C", "-c", "--git-dir", "--work-tree", "--namespace", "--super-prefix", "--config-env",
    ]

    static let rulesOfTools: [PolicyRule] = [
        PolicyRule(
            "git_command", .deny, "It makes git run a program.", programs: ["git", "git-*"],
            anyOf: [
                "*core.sshcommand=*", "*core.*pager=*", "*core.editor=*", "*core.fsmonitor=*", "*core.hookspath=*",
                "*core.askpass=*", "*core.gitproxy=*", "*core.worktree=*", "*alias.*=*", "*credential.*helper=*",
                "*diff.*=*", "*filter.*=*", "*merge.*driver=*", "*mergetool.*=*", "*difftool.*=*", "*gpg.*program=*",
                "*sequence.editor=*", "*pager.*=*", "*remote.*.uploadpack=*", "*remote.*.receivepack=*",
                "*remote.*.vcs=*",
                "*include.path=*", "*includeif.*=*", "*protocol.*allow=*", "*url.*insteadof=*", "*submodule.*.update=*",
                "*init.templatedir=*", "*interactive.difffilter=*", "*uploadpack.*=*", "*trailer.*=*", "*man.*=*",
                "*browser.*=*", "*http.proxy=*", "*sendemail.*=*", "--upload-pack*", "--receive-pack*", "--exec*",
                "--config-env*", "--exec-path=*", "--template*", "--open-files-in-pager*", "--extcmd*", "ext::*",
                "fd::*",
                "--tool=*", "--textconv",
            ], isLiteral: true,
            matches: ["git -c core.sshCommand=x fetch", "git -calias.x='!sh' x", "git clone 'ext::sh -c x' y"],
            spares: ["git status", "git commit -m 'Add an alias'", "git -c user.name=x commit", "git add alias.swift"]),
        PolicyRule(
            "git_config_command", .deny, "It makes git run a program later.", programs: ["git"],
            subcommands: ["config"],
            values: gitValues,
            anyOf: [
                "core.sshcommand", "core.*pager", "core.editor", "core.fsmonitor", "core.hookspath", "core.askpass",
                "core.gitproxy", "alias.*", "credential.*helper", "diff.*", "filter.*", "merge.*driver", "mergetool.*",
                "difftool.*", "gpg.*program", "sequence.editor", "pager.*", "remote.*pack", "remote.*vcs",
                "include.path",
                "includeif.*", "protocol.*", "url.*", "submodule.*", "init.templatedir", "uploadpack.*", "sendemail.*",
                "--edit", "-e",
            ], isLiteral: true, matches: ["git config core.sshCommand x", "git -C /x config --global alias.l '!sh'"],
            spares: ["git config user.name Ana", "git config --get remote.origin.url"]),
        PolicyRule(
            "git_runs", .deny, "It makes git run a command.", programs: ["git"],
            subcommands: [
                "bisect run", "submodule foreach", "filter-branch", "difftool", "mergetool", "daemon", "instaweb",
                "for-each-repo", "send-email", "hook run",
            ], values: gitValues,
            matches: ["git bisect run sh x", "git -C . submodule foreach 'rm x'"], spares: ["git bisect start"]),
        PolicyRule(
            "git_rebase_exec", .deny, "It makes git run a command.", programs: ["git"], subcommands: ["rebase"],
            values: gitValues, options: ["-x|--exec"], matches: ["git rebase -x ls main"], spares: ["git rebase main"]),
        PolicyRule(
            "git_clean", .deny, "It removes all that is not committed.", programs: ["git"], subcommands: ["clean"],
            values: gitValues, options: ["-f|--force"], matches: ["git clean -fdx", "git -C x clean --force"],
            spares: ["git clean -n", "git commit -f"]),
        PolicyRule(
            "program_copies", .deny, "It gives a program of the system another name.",
            programs: ["cp", "ln", "mv", "install", "link", "rsync"],
            anyOf: ["/bin/*", "/sbin/*", "/usr/bin/*", "/usr/sbin/*", "/usr/local/bin/*", "/lib*/ld-*"],
            isLiteral: true,
            matches: ["cp /bin/rm x", "ln -s /usr/bin/sudo x"], spares: ["cp bin/x y"]),
        PolicyRule(
            "python_module", .deny, "It runs a module that runs code or opens a port.",
            programs: ["python", "pypy", "ipython"], options: ["-m"],
            anyOf: [
                "timeit", "pty", "pdb", "code", "trace", "cprofile", "profile", "runpy", "http.server", "smtpd",
                "-mtimeit",
                "-mpty", "-mpdb", "-mcode", "-mtrace", "-mcprofile", "-mprofile", "-mhttp.server", "idlelib",
            ],
            isLiteral: true, matches: ["python3 -m timeit 'import os'", "python -m http.server"],
            spares: ["python3 -m pytest", "python3 -m venv x"]),
        PolicyRule(
            "php_code", .deny, "It calls a function whose name only PHP would know.", programs: ["php", "php-*"],
            options: ["-r|--run|-B|-R|-E"], anyOf: ["*[$]*(*", "*`*"], matches: ["php -r '$f(\"ls\");'"],
            spares: ["php -r 'echo 1;'", "php x.php"]),
        PolicyRule(
            "tar_runs", .deny, "It makes an archiver run a program.",
            programs: ["tar", "bsdtar", "gtar", "star", "zip", "cpio"],
            anyOf: [
                "--checkpoint-action*", "--to-command*", "--rsh-command*", "--info-script*", "--new-volume-script*",
                "-tt", "-tt*", "--unzip-command*", "-f*:*",
            ],
            isLiteral: true, matches: ["tar cf x --checkpoint=1 '--checkpoint-action=exec=sh' y", "zip x y -TT sh"],
            spares: ["tar czf x.tgz src", "zip -r x y"]),
        PolicyRule(
            "editor_commands", .deny, "It gives an editor commands to carry out.",
            programs: [
                "vi", "vim", "vim.*", "nvim", "ex", "view", "rvim", "vimdiff", "ed", "emacs", "emacs-*", "emacsclient",
                "nano", "pico",
            ],
            anyOf: [
                "-c*", "+*", "--cmd*", "-s*", "-es*", "--eval*", "-e*", "--batch", "-batch", "-f*", "!*", "-u*", "-l*",
                "--script*",
                "--speller*",
            ],
            matches: ["vim -c ':!sh' x", "emacs --batch --eval x"], spares: ["vim file"]),
        PolicyRule(
            "database_shell", .deny, "It makes a database's client run a program.",
            programs: ["sqlite3", "psql", "mysql", "mariadb", "mongo", "mongosh", "redis-cli", "duckdb"],
            anyOf: [
                "*.shell*", "*.system*", "*\\!*", "*program*", "*system *", "*load_extension*", "*.load*", "-cmd",
                "*sys_exec*", "*.import*|*", "*into*outfile*", "*run(*", "*config*set*dir*",
            ],
            isLiteral: true, matches: ["sqlite3 x '.shell ls'", "psql -c '\\! ls'"], spares: ["sqlite3 x 'select 1'"]),
        PolicyRule(
            "downloads_and_runs", .deny, "It runs a package that it downloads, or code.",
            programs: ["npm", "pnpm", "yarn", "bun", "deno", "uv"],
            subcommands: ["exec", "x", "dlx", "tool run", "create", "eval", "repl"], values: ["--prefix", "-C"],
            isLiteral: true, matches: ["npm exec cowsay", "yarn dlx x", "uv tool run x", "deno eval 1"],
            spares: ["npm test", "npm ci", "npm run build", "uv run pytest"]),
        PolicyRule(
            "fetches_and_runs", .deny, "It runs a package that it downloads.", programs: ["pipx", "nix"],
            subcommands: ["run", "shell", "develop"], isLiteral: true, matches: ["pipx run cowsay", "nix run x"],
            spares: ["pipx list"]),
        PolicyRule(
            "npx", .deny, "It runs a package that it downloads.", programs: ["npx", "bunx", "pnpx", "uvx"],
            matches: ["npx cowsay"], spares: ["npm ci"]),
        PolicyRule(
            "make_shell", .deny, "It gives make another shell, or rules on the command line.",
            programs: ["make", "gmake", "ninja", "just"],
            anyOf: ["shell=*", ".shellflags=*", "--eval*", "makeflags=*", "-e*$*", "--shell*"], isLiteral: true,
            matches: ["make SHELL=/tmp/x", "make --eval='$(shell ls)'"], spares: ["make test"]),
        PolicyRule(
            "sed_runs", .deny, "It makes sed run a program, or write elsewhere.", programs: ["sed", "gsed", "ssed"],
            anyOf: [
                "*[;{0-9/$!]e", "e", "e *", "*[;{0-9/$! ]e *", "*/[gip0-9]*e", "*/*e[gip0-9;]*[;]*", "*/e[;} ]*",
                "w /*", "*[;{0-9/] w /*",
                "*[#|,:@!%_+]e", "*[#|,:@!%_+][gipm0-9]e", "*[#|,:@!%_+]e[gipm0-9]",
            ],
            matches: ["sed '1e sh'", "sed 's/a/b/e' x", "sed -n '$e ls'"],
            spares: ["sed 's/a/e/g' x", "sed -n 1,5p file.e"]),
        PolicyRule(
            "loader", .deny, "It runs a program through the dynamic loader.",
            programs: ["ld.so", "ld-linux*", "ld-musl*", "ld64.so*", "ld-2*"],
            matches: ["/lib64/ld-linux-x86-64.so.2 /bin/ls"], spares: ["ld x.o"]),
        PolicyRule(
            "agent_config", .deny, "It gives an agent a program to run outside of its own rules.",
            programs: ["codex", "claude", "gemini"],
            anyOf: [
                "*mcp_servers*", "notify=*", "*=notify=*", "-cnotify=*", "--mcp-config*", "*apikeyhelper*",
                "*\"hooks\"*",
                "*model_providers*", "*base_url*", "*shell_environment_policy*", "--plugin-dir*",
            ],
            isLiteral: true, matches: ["codex -c 'notify=[\"sh\"]' exec x", "claude --mcp-config x.json -p y"],
            spares: ["codex audit --fix --create-pr", "claude -p 'review'", "codex -c model=o3 exec 'x'"]),
    ]
}
