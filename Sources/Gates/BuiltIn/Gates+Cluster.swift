/// Kubernetes.
extension GateCatalog {
    static let clusterValues = [
        "-n|--namespace", "--context", "--cluster", "--user", "--kubeconfig", "-s|--server", "--token", "--as",
        "--as-group", "--as-uid", "--cache-dir", "--certificate-authority", "--client-certificate", "--client-key",
        "--password", "--username", "--profile", "--profile-output", "--request-timeout", "--tls-server-name", "-v|--v",
        "--vmodule", "-f|--filename", "-k|--kustomize", "-o|--output", "-l|--selector", "--field-selector",
        "--field-manager", "-L|--label-columns", "--sort-by", "--template", "--timeout", "-c|--container", "-p|--patch",
        "--patch-file", "--replicas", "--type", "--grace-period", "--since", "--tail", "--kube-context",
    ]

    static let clusterFlags = [
        "-A|--all-namespaces", "--all", "-w|--watch", "-R|--recursive", "--force", "--prune", "--server-side",
        "--force-conflicts", "--insecure-skip-tls-verify", "--match-server-version", "--warnings-as-errors",
        "--disable-compression", "--ignore-not-found", "--no-headers", "--show-labels", "--wait", "--overwrite",
        "--local",
        "--now", "-i|--stdin", "-t|--tty", "-it", "-ti", "-q|--quiet", "--validate", "--save-config",
    ]

    private static let programs = [
        "kubectl", "oc", "kubecolor", "kubectl.kubernetes", "microk8s.kubectl", "kubectl.exe",
    ]
    private static let changing = [
        "apply", "delete", "create", "replace", "patch", "scale", "set", "label", "annotate", "expose", "autoscale",
        "run", "taint", "drain", "cordon", "uncordon", "rollout undo", "rollout restart", "rollout pause",
        "rollout resume", "certificate", "auth reconcile", "adm", "new-app", "start-build", "import-image", "tag",
        "policy", "new-project",
    ]
    private static let entering = ["exec", "cp", "edit", "attach", "debug", "proxy", "rsh", "rsync"]

    static let cluster: [CommandTrigger] = [
        CommandTrigger(
            "kubectl", "It changes a cluster.", programs: programs, verbs: changing, values: clusterValues,
            flags: clusterFlags, unless: ["--dry-run", "--dry-run=client", "--dry-run=server", "--help"],
            matches: [
                "kubectl apply -f x.yaml", "kubectl -n x --context y delete pod z", "kubectl rollout restart deploy/x",
                "kubectl apply -f x --dry-run=client --dry-run=none",
                "kubectl apply --field-manager --dry-run=client -f x",
            ],
            spares: [
                "kubectl get pods -n apply", "kubectl apply -f x.yaml --dry-run=server",
                "kubectl rollout status deploy/x",
            ]),
        CommandTrigger(
            "kubectl_enter", "It runs commands in a cluster, or opens it.", programs: programs, verbs: entering,
            values: clusterValues, flags: clusterFlags,
            matches: [
                "kubectl exec -it pod -- sh", "kubectl -n x cp a pod:/b", "kubectl exec pod -- ls --dry-run=client",
            ],
            spares: ["kubectl logs pod", "kubectl port-forward svc/x 80"]),
        CommandTrigger(
            "kubectl_other", "It is no command of kubectl that only reads.", programs: programs, verbs: ["*"],
            exceptVerbs: changing + entering + [
                "get", "describe", "logs", "top", "explain", "version", "api-resources", "api-versions", "cluster-info",
                "config", "diff", "auth can-i", "auth whoami", "wait", "events", "rollout status", "rollout history",
                "kustomize", "completion", "options", "help", "plugin list", "convert", "port-forward", "status",
                "whoami", "projects", "project",
            ],
            values: clusterValues, flags: clusterFlags, matches: ["kubectl evict x", "kubectl plugin-that-writes"],
            spares: ["kubectl get pods", "kubectl --context prod top nodes", "kubectl apply -f x --dry-run=client"]),
        CommandTrigger(
            "helm", "It changes what is installed in a cluster.", programs: ["helm", "helm3"], verbs: helmChanging,
            values: helmValues, flags: helmFlags,
            unless: ["--dry-run", "--dry-run=client", "--dry-run=server", "--dry-run=true", "--help"],
            matches: ["helm upgrade --install x ./chart", "helm -n x uninstall y", "helm install x y --dry-run=none"],
            spares: ["helm list", "helm upgrade x ./chart --dry-run", "helm template x ./chart"]),
        CommandTrigger(
            "helm_other", "It is no command of helm that only reads.", programs: ["helm", "helm3"], verbs: ["*"],
            exceptVerbs: helmChanging + [
                "list", "ls", "get", "status", "history", "hist", "show", "inspect", "search", "template", "lint",
                "version", "env", "dependency", "dep", "dependencies", "repo", "pull", "fetch", "plugin list",
                "plugin ls", "completion", "help", "verify", "package", "create", "diff", "registry login",
                "registry logout", "docs",
            ],
            values: helmValues, flags: helmFlags, matches: ["helm plugin install https://x"], spares: ["helm lint x"]),
    ]

    private static let helmChanging = [
        "upgrade", "install", "uninstall", "delete", "del", "un", "rollback", "test", "push",
    ]
    private static let helmValues = [
        "-n|--namespace", "--kube-context", "--kubeconfig", "--kube-apiserver", "--kube-as-group", "--kube-as-user",
        "--kube-ca-file", "--kube-token", "--kube-tls-server-name", "--burst-limit", "--qps", "--registry-config",
        "--repository-cache", "--repository-config", "-f|--values", "--set", "--set-string", "--set-file", "--set-json",
        "--version", "--timeout", "-o|--output", "--repo", "--description", "--history-max", "--post-renderer",
        "--username", "--password", "--ca-file", "--cert-file", "--key-file",
    ]
    private static let helmFlags = [
        "--debug", "-i|--install", "--atomic", "--wait", "--wait-for-jobs", "--create-namespace", "--devel", "--force",
        "--reuse-values", "--reset-values", "--cleanup-on-fail", "--no-hooks", "--skip-crds", "--verify", "--replace",
        "--kube-insecure-skip-tls-verify", "-g|--generate-name", "--dependency-update", "--render-subchart-notes",
    ]
}
