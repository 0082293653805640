extension SettingCatalog {
    static let gates: [Setting] = [
        .text(
            "gates.file", \.gates.file,
            "The gates; empty for the three that ship, which config/gates.yaml shows.", allowed: "a path"),
        .integer(
            "gates.park_after_sec", \.gates.parkAfterSeconds, 0...2_592_000,
            "Seconds after which an attempt that waits for an answer gives its slot free, but not its process; 0: at once."
        ),
    ]
}
