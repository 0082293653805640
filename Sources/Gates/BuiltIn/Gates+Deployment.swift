/// Configuration management and deployment.
extension GateCatalog {
    private static let trying = [
        "--check", "-C", "--syntax-check", "--list-hosts", "--list-tasks", "--list-tags", "--version", "--help",
    ]
    private static let ansibleValues = [
        "-i|--inventory|--inventory-file", "-e|--extra-vars", "-l|--limit", "-t|--tags", "--skip-tags", "-f|--forks",
        "-u|--user", "--become-user", "--become-method", "-c|--connection", "-T|--timeout", "--private-key|--key-file",
        "--vault-id", "--vault-password-file|--vault-pass-file", "-M|--module-path", "--start-at-task",
        "-m|--module-name",
        "-a|--args",
    ]
    private static let ansibleFlags = [
        "-b|--become", "-K|--ask-become-pass", "-k|--ask-pass", "-D|--diff", "-v", "-vv", "-vvv", "-vvvv", "--step",
        "--flush-cache", "--force-handlers", "-J|--ask-vault-pass|--ask-vault-password",
    ]

    static let deployment: [CommandTrigger] = [
        CommandTrigger(
            "ansible", "It changes hosts.", programs: ["ansible-playbook", "ansible", "ansible-pull"],
            verbs: ["*"], values: ansibleValues, flags: ansibleFlags, unless: trying,
            matches: [
                "ansible-playbook site.yml", "ansible-playbook -i hosts site.yml -e '--check'", "ansible all -m ping",
            ],
            spares: [
                "ansible-playbook site.yml --check", "ansible-playbook -i hosts -C --diff site.yml",
                "ansible-playbook --syntax-check site.yml",
            ]),
        CommandTrigger(
            "deployment", "It deploys, or takes back what is deployed.",
            programs: [
                "cdk", "sam", "serverless", "sls", "sst", "eksctl", "helmfile", "skaffold", "argocd", "flux", "nomad",
                "fly", "flyctl", "vercel", "netlify", "heroku", "kops", "doctl", "linode-cli", "copilot", "wrangler",
                "firebase", "waypoint", "ecs-cli", "eb", "cf", "railway", "talosctl", "amplify",
            ],
            verbs: [
                "deploy", "destroy", "apply", "sync", "delete", "remove", "create", "run", "up", "down", "rollback",
                "promote", "scale", "reconcile", "bootstrap", "upgrade", "update", "job run", "job stop", "app sync",
                "app delete", "app create", "app rollback", "app set", "apps destroy", "apps create", "publish",
                "terminate", "push", "replace", "reset", "* create", "* delete", "* * create", "* * delete",
                "config:set", "ps:scale", "pg:reset", "releases:rollback", "rm", "init --apply",
            ],
            values: [
                "-f|--file", "-e|--environment", "-n|--namespace", "--profile", "--region", "-a|--app", "--context",
                "-c|--config", "-o|--output", "-s|--stage",
            ],
            unless: ["--dry-run", "--help"],
            matches: [
                "cdk deploy --all", "helmfile -f x apply", "argocd app sync x", "eksctl delete cluster x", "fly deploy",
            ],
            spares: ["cdk diff", "cdk synth", "argocd app list", "helmfile diff", "fly status"]),
    ]
}
