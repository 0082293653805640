extension SettingCatalog {
    static let gates: [Setting] = [
        .text(
            "gates.file", \.gates.file,
            "The gates; empty for the three that ship, which config/gates.yaml shows.", allowed: "a path")
    ]
}
