extension SettingCatalog {
    static let sandbox: [Setting] = [
        .choice(
            "sandbox.mode", \.sandbox.mode,
            "strict: every attempt in a sandbox, and none where it cannot be made. none: NO isolation, by your word."),
        .text(
            "sandbox.file", \.sandbox.file,
            "The YAML file of sandbox profiles; empty for the default profile alone, which opens nothing.",
            allowed: "a path"),
        .text(
            "sandbox.init_program", \.sandbox.initProgram,
            "The program pandar-init; empty for the one beside pandar.", allowed: "a path"),
        .integer(
            "sandbox.uid", \.sandbox.uid, 1...4_294_900_000,
            "The first of 65536 uids and gids of attempts where the service is root; nobody else may have them."),
    ]
}
