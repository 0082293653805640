internal import TaskModel

/// Colours, or none.
struct Style: Sendable {
    enum Colour: String, Sendable {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case magenta = "35"
        case cyan = "36"
    }

    let isOn: Bool

    func callAsFunction(_ text: String, _ colour: Colour?) -> String {
        guard isOn, let colour else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}

extension TaskStatus {
    /// How the state is shown.
    var colour: Style.Colour {
        switch self {
        case .pending: .dim
        case .running: .cyan
        case .waitingConfirmation: .yellow
        case .completed: .green
        case .failed: .red
        case .cancelled: .magenta
        }
    }
}

extension String {
    /// What can be shown on a terminal: control characters, which could move the cursor or retitle the window, become
    /// visible signs.
    var printable: String {
        guard unicodeScalars.contains(where: Self.isControl) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { Self.isControl($0) ? "\u{FFFD}" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
    }
}
