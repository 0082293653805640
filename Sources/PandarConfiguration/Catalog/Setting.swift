/// One thing that can be set: its name, what it means, what is allowed, and where its value goes.
public struct Setting: Sendable {
    /// The dotted name, as in the YAML file (`runner.slots`).
    public let key: String
    /// What it is, with its unit, in one sentence.
    public let about: String
    /// What is allowed, in the words of an error message (`a whole number from 1 to 1024`).
    public let allowed: String
    /// The default as it would stand in the file; `nil` where it depends on the machine.
    public let fixedDefault: String?
    /// In words, where the default depends on the machine.
    public let defaultAbout: String?
    /// The value in `settings`, as it would stand in the file.
    public let text: @Sendable (PandarSettings) -> String
    /// Puts a value into `settings`; `false` when it is not allowed.
    let assign: @Sendable (String, inout PandarSettings) -> Bool

    /// The name in the environment (`PANDAR_RUNNER_SLOTS`).
    public var environmentName: String {
        Self.environmentPrefix + key.uppercased().replacing(".", with: "_")
    }

    /// Stands before every name in the environment.
    public static let environmentPrefix = "PANDAR_"
}

extension Setting {
    typealias Path<Value> = any WritableKeyPath<PandarSettings, Value> & Sendable

    static func text(
        _ key: String, _ path: Path<String>, _ about: String, allowed: String = "text",
        default defaultAbout: String? = nil, isAllowed: @escaping @Sendable (String) -> Bool = { _ in true }
    ) -> Setting {
        Setting(
            key: key, about: about, allowed: allowed,
            fixedDefault: defaultAbout == nil ? PandarSettings()[keyPath: path] : nil, defaultAbout: defaultAbout,
            text: { $0[keyPath: path] },
            assign: { text, settings in
                guard !text.utf8.contains(0), isAllowed(text) else { return false }
                settings[keyPath: path] = text
                return true
            })
    }

    static func integer(
        _ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ about: String,
        default defaultAbout: String? = nil
    ) -> Setting {
        Setting(
            key: key, about: about, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            fixedDefault: defaultAbout == nil ? String(PandarSettings()[keyPath: path]) : nil,
            defaultAbout: defaultAbout,
            text: { String($0[keyPath: path]) },
            assign: { text, settings in
                guard let number = Int(text.filter { $0 != "_" }), range.contains(number) else { return false }
                settings[keyPath: path] = number
                return true
            })
    }

    static func share(_ key: String, _ path: Path<Double>, _ about: String) -> Setting {
        Setting(
            key: key, about: about, allowed: "a number from 0 to 1",
            fixedDefault: String(PandarSettings()[keyPath: path]), defaultAbout: nil,
            text: { String($0[keyPath: path]) },
            assign: { text, settings in
                guard let number = Double(text), (0...1).contains(number) else { return false }
                settings[keyPath: path] = number
                return true
            })
    }

    static func flag(_ key: String, _ path: Path<Bool>, _ about: String) -> Setting {
        Setting(
            key: key, about: about, allowed: "true or false",
            fixedDefault: String(PandarSettings()[keyPath: path]), defaultAbout: nil,
            text: { String($0[keyPath: path]) },
            assign: { text, settings in
                switch text.lowercased() {
                case "true", "yes", "on", "1": settings[keyPath: path] = true
                case "false", "no", "off", "0": settings[keyPath: path] = false
                default: return false
                }
                return true
            })
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ key: String, _ path: Path<Choice>, _ about: String
    ) -> Setting {
        Setting(
            key: key, about: about, allowed: "one of: " + Choice.allCases.map(\.rawValue).joined(separator: ", "),
            fixedDefault: PandarSettings()[keyPath: path].rawValue, defaultAbout: nil,
            text: { $0[keyPath: path].rawValue },
            assign: { text, settings in
                guard let choice = Choice(rawValue: text) else { return false }
                settings[keyPath: path] = choice
                return true
            })
    }
}
