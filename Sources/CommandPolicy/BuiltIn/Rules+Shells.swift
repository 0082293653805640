extension CommandPolicy {
    static let shells = [
        "sh", "bash", "dash", "zsh", "ksh", "mksh", "pdksh", "ksh93", "ash", "fish", "csh", "tcsh", "rbash", "rc", "es",
        "yash", "posh", "elvish", "nu", "xonsh", "pwsh", "powershell",
    ]

    static let rulesOfShells: [PolicyRule] = [
        PolicyRule(
            "fork_bomb", .forbid, "It starts processes without end.", programs: shells,
            anyOf: ["*(*)*{*|*&*}*", "*(*)*{*&*}*;*"],
            isLiteral: true, matches: ["sh -c ':(){ :|:& };:'", "bash -c 'f() { f | f & }; f'"],
            spares: ["sh -c 'f() { ls; }; f'"]),
        PolicyRule(
            "shell_callbacks", .deny, "It gives a shell a command, or a library, to run later.",
            programs: ["enable", "compgen", "complete", "mapfile", "readarray", "bind", "zmodload"],
            anyOf: ["-c*", "-f*", "-x*", "zsh/*"],
            matches: ["bash -c 'compgen -C ls'", "bash -c 'enable -f ./x.so x'"],
            spares: ["bash -c 'mapfile -t x'"]),
        PolicyRule(
            "source_unknown", .deny, "It runs a file that only a shell knows.", programs: ["source", "."],
            anyOf: ["/dev/*", "/proc/*"], matches: ["sh -c '. /dev/stdin'", "bash -c 'source <(cat x)'"],
            spares: ["sh -c '. ./setup.sh'"]),
        PolicyRule(
            "unknown_program", .deny, "The text for a shell runs a program whose name only a shell would know.",
            finding: .unknownProgram,
            matches: [
                "sh -c '$X -rf /'", "sh -c '/bin/r? -rf x'", "bash -c '{rm,-rf,x}'", "sh -c '\"$@\"' _ ls",
                "sh -c '`ls`'",
            ],
            spares: ["sh -c 'ls $X'", "sh -c 'echo $(ls)'", "sh -c '[ -f x ] && ls'"]),
        PolicyRule(
            "inline_code", .deny, "Code in the command starts programs, removes files, or hides what it does.",
            finding: .inlineCode,
            anyOf: [
                // Python
                "*os.system*", "*subprocess*", "*popen*", "*os.exec*", "*os.spawn*", "*posix*", "*pty*", "*ctypes*",
                "*rmtree*",
                "*os.remove*", "*os.unlink*", "*removedirs*", "*import*os*", "*__import__*", "*importlib*",
                "*builtins*",
                "*getattr*", "*__class*", "*__sub*", "*__base*", "*__mro*", "*__dict*", "*__get*", "*__globals*",
                "*__code*", "*__init*", "*__loader*",
                "*__reduce*", "*__call*", "*__self*", "*interact*", "*import*pdb*", "*timeit*", "*webbrowser*",
                "*antigravity*",
                "*globals(*", "*exec(*", "*exec *", "*eval(*", "*eval *", "*compile(*", "*base64*",
                "*fromhex*",
                "*unhexlify*", "*codecs*", "*marshal*", "*pickle*", "*zlib*", "*chr(*", "*socket*", "*urllib*",
                "*requests*",
                "*shutil*", "*pathlib*", "*runpy*", "*open(*", "*sys.modules*", "*\\x*", "*\\u00*",
                // Perl, Ruby, PHP, Lua, shells within
                "*system*", "*exec*", "*qx*", "*`*", "*%x*", "*fork*", "*unlink*", "*rmdir*", "*spawn*", "*kernel*",
                "*fileutils*",
                "*file.*", "*dir.*", "*io.*", "*require*", "*pack(*", "*pack *", "*passthru*", "*proc_open*", "*shell*",
                "*assert*", "*loadstring*", "*os.*", "*syscall*", "*send*", "*use *", "*open*",
                // JavaScript
                "*child_process*", "*import(*", "*import*from*", "*import*fs*", "*fs.*", "*process.binding*",
                "*process.dlopen*", "*process.mainmodule*", "*process[[]*", "*process.kill*", "*process._*",
                "*function(*)(*",
                "*constructor*",
                "*fromcharcode*", "*atob*", "*buffer.*", "*rmsync*", "*deno.*", "*bun.*", "*globalthis*",
                // awk
                "*getline*", "*|*\"*", "*>*\"*", "*-> *", "*@load*", "*printf*|*",
            ],
            matches: [
                "python3 -c 'import os; os.system(\"ls\")'", "perl -e 'exec \"ls\"'", "ruby -e '`ls`'",
                "node -e 'require(\"child_process\").exec(\"ls\")'", "awk 'BEGIN{system(\"ls\")}'",
                "php -r 'passthru(1);'",
            ],
            spares: [
                "python3 -c 'print(1)'", "awk '{print $1}' x", "perl -ne 'print if /x/' f",
                "python3 -c 'import json,sys; print(json.load(sys.stdin)[\"a\"])'", "node -e 'console.log(1)'",
            ]),
    ]
}
