/// Commands of git by their names.
enum GitCommandNames {
    /// What git itself brings: an alias of such a name is not looked at.
    static let builtIn: Set<String> = Set(
        """
        add am annotate apply archive backfill bisect blame branch bugreport bundle cat-file check-attr check-ignore \
        check-mailmap check-ref-format checkout checkout--worker checkout-index cherry cherry-pick clean clone column \
        commit commit-graph commit-tree config count-objects credential credential-cache credential-store daemon \
        describe diagnose diff diff-files diff-index diff-pairs diff-tree difftool fast-export fast-import fetch \
        fetch-pack filter-branch fmt-merge-msg for-each-ref for-each-repo format-patch fsck fsck-objects \
        fsmonitor--daemon gc get-tar-commit-id grep hash-object help hook http-backend http-fetch http-push imap-send \
        index-pack init init-db instaweb interpret-trailers log ls-files ls-remote ls-tree mailinfo mailsplit \
        maintenance merge merge-base merge-file merge-index merge-octopus merge-one-file merge-ours merge-recursive \
        merge-resolve merge-subtree merge-tree mergetool mktag mktree multi-pack-index mv name-rev notes pack-objects \
        pack-redundant pack-refs patch-id pickaxe prune prune-packed pull push quiltimport range-diff read-tree \
        rebase receive-pack reflog refs remote remote-ext remote-fd remote-ftp remote-ftps remote-http remote-https \
        repack replace replay request-pull rerere reset restore rev-list rev-parse revert rm send-email send-pack \
        shell shortlog show show-branch show-index show-ref sparse-checkout stage stash status stripspace submodule \
        submodule--helper switch symbolic-ref tag unpack-file unpack-objects update-index update-ref \
        update-server-info upload-archive upload-pack var verify-commit verify-pack verify-tag version whatchanged \
        worktree write-tree
        """.split(separator: " ").map(String.init))

    /// They speak the protocol of a push on their input, or serve it: what they change cannot be read.
    static let unreadable: Set<String> = [
        "receive-pack", "remote-ext", "remote-fd", "remote-ftp", "remote-ftps", "remote-http", "remote-https",
        "http-push",
    ]

    /// Pushes to what is no git: `svn dcommit`.
    static let foreign: [String: Set<String>] = ["svn": ["dcommit", "set-tree"], "p4": ["submit"]]

    /// Options whose value is the text of a shell.
    static let textOptions: [String: [String]] = [
        "rebase": ["--exec", "-x"], "difftool": ["--extcmd", "-x"], "fetch": ["--upload-pack"],
        "pull": ["--upload-pack"], "clone": ["--upload-pack", "-u"], "ls-remote": ["--upload-pack", "--exec"],
        "fetch-pack": ["--upload-pack", "--exec"], "archive": ["--exec"], "grep": ["--open-files-in-pager", "-O"],
        "send-email": ["--smtp-server", "--to-cmd", "--cc-cmd", "--sendmail-cmd", "--header-cmd"],
        "filter-branch": [
            "--setup", "--env-filter", "--tree-filter", "--index-filter", "--parent-filter", "--msg-filter",
            "--commit-filter", "--tag-name-filter",
        ],
        "shell": ["-c"],
    ]
}
