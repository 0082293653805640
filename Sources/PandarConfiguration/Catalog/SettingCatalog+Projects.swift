extension SettingCatalog {
    static let projects: [Setting] = [
        .text(
            "projects.file", \.projects.file,
            "The file that says what each project_id means; empty gives every project an empty workspace.",
            allowed: "a path"),
        .integer(
            "projects.fetch_seconds", \.projects.fetchSeconds, 0...86_400,
            "Seconds that what is known of a project's repository counts as up to date."),
        .integer(
            "projects.kept_limit_mb", \.projects.keptLimitMB, 0...100_000_000,
            "MB that kept workspaces may take together; beyond that the oldest go."),
    ]
}
