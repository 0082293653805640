internal import Foundation

/// An output stream: whether people read it, and in colour.
struct Terminal: Sendable {
    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let error = Terminal(descriptor: STDERR_FILENO)

    /// Whether it is a terminal.
    let isInteractive: Bool
    /// Whether colours are wanted: on a terminal that is not dumb, unless `NO_COLOR` says otherwise.
    let hasColour: Bool
    /// Columns; 120 where nobody can tell.
    let width: Int
    private let descriptor: Int32

    init(descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.descriptor = descriptor
        isInteractive = isatty(descriptor) == 1
        hasColour = isInteractive && Self.wantsColour(environment)
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = isKnown ? Int(size.ws_col) : 120
    }

    /// https://no-color.org: any value that is not empty means no colours.
    static func wantsColour(_ environment: [String: String]) -> Bool {
        environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }

    /// Writes bytes as they are.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    func writeLine(_ text: String) {
        write(Array(text.utf8) + [UInt8(ascii: "\n")])
    }

    func writeLine(_ bytes: [UInt8]) {
        write(bytes + [UInt8(ascii: "\n")])
    }
}
