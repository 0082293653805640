/// Terraform and what stands on it, and Pulumi.
extension GateCatalog {
    private static let programs = ["terraform", "tofu", "opentofu"]
    private static let changing = [
        "apply", "destroy", "import", "taint", "untaint", "refresh", "test", "force-unlock", "state rm", "state mv",
        "state push", "state replace-provider", "workspace delete",
    ]
    private static let exempt = ["-help", "--help"]

    static let terraform: [CommandTrigger] = [
        CommandTrigger(
            "terraform", "It changes infrastructure, or what is recorded of it.", programs: programs, verbs: changing,
            unless: exempt,
            matches: [
                "terraform apply", "terraform -chdir=x apply -auto-approve", "tofu destroy", "terraform state rm a.b",
                "terraform import a.b c",
            ],
            spares: ["terraform plan", "terraform plan -destroy", "terraform state list", "terraform apply -help"]),
        CommandTrigger(
            "terraform_state", "It moves the record of the infrastructure.", programs: programs, verbs: ["init"],
            options: ["-migrate-state|--migrate-state", "-force-copy|--force-copy"],
            matches: ["terraform init -migrate-state"], spares: ["terraform init", "terraform init -upgrade"]),
        CommandTrigger(
            "terraform_other", "It is no command of terraform that only reads.", programs: programs, verbs: ["*"],
            exceptVerbs: changing + [
                "plan", "validate", "fmt", "version", "init", "show", "output", "providers", "graph", "console", "get",
                "login", "logout", "metadata", "modules", "state list", "state show", "state pull", "workspace list",
                "workspace show", "workspace select", "workspace new", "help",
            ],
            unless: exempt, matches: ["terraform state frobnicate", "terraform rpcapi"],
            spares: ["terraform fmt -check", "terraform -chdir=infra validate"]),
        CommandTrigger(
            "terragrunt", "It changes infrastructure, or what is recorded of it.", programs: ["terragrunt"],
            verbs: ["*"],
            exceptVerbs: [
                "plan", "validate", "validate-inputs", "output", "init", "fmt", "hclfmt", "hclvalidate", "hcl", "show",
                "version", "help", "graph", "graph-dependencies", "output-module-groups", "render-json", "render",
                "info", "find", "list", "dag", "providers", "state list", "state show", "plan-all", "validate-all",
                "output-all", "run-all plan", "run-all validate", "run-all init", "run-all output", "run-all show",
                "run plan", "run validate", "run init", "run output", "run show", "stack generate", "stack output",
            ],
            values: [
                "--working-dir", "--terragrunt-working-dir", "--config", "--terragrunt-config", "--queue-include-dir",
                "--queue-exclude-dir", "--terragrunt-include-dir", "--terragrunt-exclude-dir", "--log-level",
                "--parallelism",
            ],
            flags: ["--all", "--non-interactive", "--terragrunt-non-interactive", "--graph"],
            unless: exempt,
            matches: [
                "terragrunt apply", "terragrunt run-all apply", "terragrunt run --all apply", "terragrunt apply-all",
            ],
            spares: ["terragrunt plan", "terragrunt run-all plan", "terragrunt run --all plan"]),
        CommandTrigger(
            "pulumi", "It changes infrastructure, or what is recorded of it.", programs: ["pulumi"], verbs: ["*"],
            exceptVerbs: [
                "preview", "pre", "about", "config", "console", "convert", "env get", "env ls", "gen-completion",
                "help",
                "install", "login", "logout", "logs", "log", "new", "plugin ls", "policy ls", "schema", "stack ls",
                "stack output", "stack select", "stack history", "stack graph", "stack export", "version", "whoami",
                "package",
            ],
            values: [
                "-C|--cwd", "--color", "-v|--verbose", "--tracing", "-s|--stack", "--profiling", "-e|--exec-kind",
            ],
            flags: ["--non-interactive", "--logtostderr", "--emoji", "-y|--yes", "--disable-integrity-checking"],
            unless: ["--help"],
            matches: ["pulumi up --yes", "pulumi -C x destroy", "pulumi down", "pulumi stack rm dev"],
            spares: ["pulumi preview", "pulumi -C infra stack output"]),
    ]
}
