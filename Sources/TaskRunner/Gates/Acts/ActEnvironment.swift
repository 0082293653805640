/// Of the variables that a program in the sandbox has, those that go along with it when it runs outside.
enum ActEnvironment {
    private static let passed: Set<String> = [
        "LANG", "LC_ALL", "NO_COLOR", "TF_WORKSPACE", "TF_IN_AUTOMATION", "TF_INPUT", "AWS_REGION",
        "AWS_DEFAULT_REGION", "AWS_DEFAULT_OUTPUT", "HELM_NAMESPACE", "CLOUDSDK_CORE_PROJECT",
        "CLOUDSDK_COMPUTE_REGION", "CLOUDSDK_COMPUTE_ZONE",
    ]

    /// What goes along, and the names of what does not: everything that could lead credentials elsewhere, name other
    /// settings, add words to the command or load code (`KUBECONFIG`, `TF_CLI_ARGS`, `AWS_ENDPOINT_URL`,
    /// `HELM_PLUGINS`, `LD_PRELOAD`, …) and whatever nobody has judged.
    static func split(_ environment: [String: String]) -> (passed: [String: String], dropped: [String]) {
        var result: (passed: [String: String], dropped: [String]) = ([:], [])
        for (name, value) in environment {
            if passed.contains(name) || name.hasPrefix("TF_VAR_") {
                result.passed[name] = value
            } else {
                result.dropped.append(name)
            }
        }
        result.dropped.sort()
        return result
    }
}
