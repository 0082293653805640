extension GateCatalog {
    /// Programs that have a forge merge, which nobody sees as a push.
    static let mergingTools: [CommandTrigger] = [
        CommandTrigger(
            "forge_merge", "It has the forge merge, sync or delete branches.", programs: ["gh", "glab", "hub"],
            verbs: ["pr merge", "repo sync", "repo delete", "mr merge", "mr accept", "pull-request merge", "sync"],
            values: ["-R|--repo", "--hostname"],
            matches: ["gh pr merge 12 --squash", "gh -R a/b pr merge 12", "glab mr merge 3"],
            spares: ["gh pr create --fill", "gh pr view 12", "gh pr list --search 'pr merge'"]),
        CommandTrigger(
            "forge_api", "It changes something by the forge's interface.", programs: ["gh", "glab"], verbs: ["api"],
            values: ["-R|--repo", "--hostname"],
            options: ["-X|--method", "-f|--raw-field", "-F|--field", "--input"],
            matches: ["gh api -X PUT repos/a/b/pulls/1/merge", "gh api repos/a/b/merges -f base=main"],
            spares: ["gh api repos/a/b/pulls"]),
        CommandTrigger(
            "jj_push", "It pushes to a git remote.", programs: ["jj"], verbs: ["git push"],
            values: ["-R|--repository", "--color", "--config"], unless: ["--dry-run"],
            matches: ["jj git push --all", "jj -R x git push"], spares: ["jj git push --dry-run", "jj git fetch"]),
    ]
}
