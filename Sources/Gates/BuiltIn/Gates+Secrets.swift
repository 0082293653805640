extension GateCatalog {
    /// Programs that hand out secrets by name.
    static let secretTools: [CommandTrigger] = [
        CommandTrigger(
            "vault", "It reads a secret from a vault.",
            programs: ["vault", "bao", "op", "pass", "gopass", "bw", "lpass", "doppler", "infisical", "keepassxc-cli"],
            verbs: [
                "read", "kv get", "kv list", "unwrap", "item get", "document get", "inject", "show", "get", "secrets",
                "export", "print", "token create",
            ],
            values: [
                "-address", "-namespace", "-n|--namespace", "--account", "--vault", "-p|--project", "-c|--config",
            ],
            matches: ["vault kv get secret/db", "op read op://a/b/c", "vault -address=x read a/b"],
            spares: ["vault status", "vault kv put secret/db a=b", "pass git log"]),
        CommandTrigger(
            "cloud_secret", "It reads a secret from a cloud.", programs: ["aws", "gcloud", "az"],
            verbs: [
                "secretsmanager get-secret-value", "secretsmanager batch-get-secret-value", "ssm get-parameter",
                "ssm get-parameters", "ssm get-parameters-by-path", "sts get-session-token", "sts assume-role*",
                "ecr get-login-password", "secrets versions access", "auth print-*", "auth application-default print-*",
                "keyvault secret show", "keyvault secret download", "keyvault key download", "account get-access-token",
                "storage account keys list", "ad sp credential *",
            ],
            values: ["--profile", "--region", "--output|-o", "--query", "--project", "--account", "--subscription"],
            matches: [
                "aws secretsmanager get-secret-value --secret-id db",
                "gcloud secrets versions access latest --secret db",
                "az keyvault secret show --name db --vault-name v", "aws --region x ssm get-parameters --names a",
            ],
            spares: ["aws s3 ls", "gcloud secrets list", "az keyvault list"]),
        CommandTrigger(
            "cluster_secret", "It reads secrets of a cluster.", programs: ["kubectl", "oc", "kubecolor"],
            verbs: ["get *", "describe *", "extract *", "view-secret"], values: clusterValues, flags: clusterFlags,
            anyOf: [
                "secret", "secrets", "secret/*", "secrets/*", "secret.*", "secrets.*", "*,secret*", "secret*,*",
                "all,*",
            ],
            matches: ["kubectl get secret db -o yaml", "kubectl -n x get secrets", "kubectl get pods,secrets"],
            spares: ["kubectl get pods", "kubectl get sealedsecrets", "kubectl describe pod x"]),
        CommandTrigger(
            "credential", "It prints credentials.", programs: ["git"],
            verbs: ["credential fill", "credential-store get", "credential-cache get", "credential-*"],
            values: ["-c", "-C", "--git-dir", "--work-tree"],
            matches: ["git credential fill", "git -C x credential fill"], spares: ["git status"]),
        CommandTrigger(
            "decryption", "It decrypts secrets.", programs: ["sops", "ansible-vault", "git-crypt", "age"],
            verbs: ["decrypt", "view", "edit", "unlock", "exec-env", "exec-file"],
            matches: ["sops decrypt x.yaml", "ansible-vault view x.yml"], spares: ["sops --version", "sops encrypt x"]),
        CommandTrigger(
            "decryption_option", "It decrypts secrets.", programs: ["sops", "age"], options: ["-d|--decrypt"],
            matches: ["sops -d x.yaml", "age --decrypt -i key x"], spares: ["sops -e x.yaml"]),
        CommandTrigger(
            "forge_token", "It prints a token of the forge.", programs: ["gh", "glab"], verbs: ["auth token"],
            values: ["-h|--hostname"], matches: ["gh auth token"], spares: ["gh auth status"]),
    ]
}
