extension SettingCatalog {
    static let gates: [Setting] = [
        .text(
            "gates.file", \.gates.file,
            "The gates; empty for the three that ship, which config/gates.yaml shows.", allowed: "a path"),
        .integer(
            "gates.park_after", \.gates.parkAfterSeconds, 0...2_592_000,
            "Seconds after which a task that waits at a gate gives its slot free, unless the gate says otherwise."),
    ]
}
