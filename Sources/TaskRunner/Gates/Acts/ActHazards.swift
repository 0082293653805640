/// Words by which a command that only reads could send the credentials of an act elsewhere, print them, or run code of
/// the workspace with them. Strict: what is named here asks, and needs no proof that it does harm.
enum ActHazards {
    /// Options; their beginnings count too, for some programs take those.
    private static let options = [
        // kubectl
        "--kubeconfig", "--server", "--token", "--username", "--password", "--client-certificate", "--client-key",
        "--certificate-authority", "--insecure-skip-tls-verify", "--tls-server-name", "--load-restrictor",
        "--enable-helm", "--enable-alpha-plugins", "--enable-exec", "--helm-command", "--mount", "--network",
        // helm
        "--post-renderer", "--kube-apiserver", "--kube-token", "--kube-ca-file", "--kube-insecure-skip-tls-verify",
        "--kube-tls-server-name", "--registry-config", "--repository-config", "--pass-credentials", "--key-file",
        "--cert-file", "--ca-file",
        // clouds and forges
        "--endpoint-url", "--ca-bundle", "--no-verify-ssl", "--flags-file", "--access-token-file",
        "--credential-file-override", "--impersonate-service-account", "--hostname",
    ]
    /// Options that are longer words than these are themselves.
    private static let prefixes = ["--post-renderer-", "--enable-", "--kube-"]
    /// Where the act has its credentials, and ways out of the workspace.
    private static let places = ["/proc", "/home", "/run", "/dev/", "/root", "/sys/", "/etc/", "..", "~"]

    /// The first such word, as far as it may be shown.
    static func find(_ words: [String]) -> String? {
        for word in words.dropFirst() {
            if word.hasPrefix("--") {
                let name = String(word.prefix { $0 != "=" })
                // A prefix of two letters and less is no option of any of them.
                if name.utf8.count > 3, options.contains(where: { $0.hasPrefix(name) }) { return name }
                if prefixes.contains(where: { name.hasPrefix($0) }) { return name }
            } else if word.hasPrefix("-"), namesServer(word, of: words[0]) {
                return "-s"
            }
            if word != "/dev/stdin", let place = places.first(where: { word.contains($0) }) { return place }
        }
        return nil
    }

    /// `-s URL`, `-sURL` and `-As URL` of kubectl: behind letters that take no value.
    private static func namesServer(_ word: String, of program: String) -> Bool {
        guard ["kubectl", "oc", "kubecolor"].contains(program) else { return false }
        for letter in word.dropFirst() {
            if letter == "s" { return true }
            guard "AwRitqh".contains(letter) else { return false }
        }
        return false
    }
}
