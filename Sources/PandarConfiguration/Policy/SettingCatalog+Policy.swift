extension SettingCatalog {
    static let policy: [Setting] = [
        .text(
            "policy.file", \.policy.file,
            "The rules for commands; empty for the built-in ones, which config/policy.yaml shows.", allowed: "a path"),
        .text(
            "policy.programs", \.policy.programs,
            "Programs that may run, in place of the file's (codex, claude, gemini); * for any.",
            allowed: "names or whole paths, with commas"),
        .choice(
            "policy.fragments", \.policy.fragments,
            "Where fragments such as `sudo` are refused: everywhere (agents' prompts too), commands, or off."),
    ]
}
