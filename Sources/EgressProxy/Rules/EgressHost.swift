/// What a client asks for, in one spelling: a name in lower case without its trailing dot, or an address.
public enum EgressHost: Hashable, Sendable {
    case name(String)
    case address(IPAddress)

    /// Why a text is not a host.
    public struct Malformed: Error, Hashable, Sendable {
        public let detail: String
    }

    /// Reads the host of a URI or of a rule.
    ///
    /// It is strict, since every leniency is a second reading of one text: the check would see one host and the resolver
    /// another. Names are letters, digits, `-` and `_` (IDN in its `xn--` form); a name whose last label is a number is
    /// an address, and addresses have one spelling. Brackets hold IPv6 and nothing else.
    public init(parsing source: some StringProtocol) throws(Malformed) {
        let text = String(source)
        guard !text.isEmpty else { throw Malformed(detail: "the host is empty") }
        if text.utf8.first == UInt8(ascii: "[") {
            guard text.utf8.last == UInt8(ascii: "]"), let address = IPAddress(text.dropFirst().dropLast()),
                text.utf8.contains(UInt8(ascii: ":"))
            else { throw Malformed(detail: "brackets hold an IPv6 address and nothing else") }
            self = .address(address)
            return
        }
        self = try Self.unbracketed(text)
    }

    private static func unbracketed(_ text: String) throws(Malformed) -> EgressHost {
        if let wrong = text.utf8.first(where: { !isNameByte($0) && $0 != UInt8(ascii: ".") }) {
            throw Malformed(detail: "the host has the byte 0x\(String(wrong, radix: 16)); IDN are written as xn--…")
        }
        var name = text.lowercased()
        if name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
        guard name.utf8.count <= 253 else { throw Malformed(detail: "the host has more than 253 characters") }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if let last = labels.last, isNumber(last) {
            guard let address = IPAddress(text) else {
                throw Malformed(detail: "addresses are written as four decimal numbers, a.b.c.d")
            }
            return .address(address)
        }
        for label in labels {
            guard (1...63).contains(label.utf8.count) else {
                throw Malformed(detail: "a label of the host is empty or long")
            }
            guard label.utf8.first != UInt8(ascii: "-"), label.utf8.last != UInt8(ascii: "-") else {
                throw Malformed(detail: "a label of the host begins or ends with -")
            }
        }
        return .name(name)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// As the URL standard has it: digits, or `0x` and hexadecimal digits.
    private static func isNumber(_ label: some StringProtocol) -> Bool {
        let digits = label.hasPrefix("0x") ? label.dropFirst(2) : label[...]
        if digits.isEmpty { return label.hasPrefix("0x") }
        if label.hasPrefix("0x") { return digits.allSatisfy(\.isHexDigit) }
        return digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension EgressHost: CustomStringConvertible {
    /// As in a URI: IPv6 in brackets.
    public var description: String {
        switch self {
        case .name(let name): name
        case .address(.v4(let value)): "\(IPAddress.v4(value))"
        case .address(let address): "[\(address)]"
        }
    }
}

/// A host and a port.
public struct EgressTarget: Hashable, Sendable, CustomStringConvertible {
    public let host: EgressHost
    public let port: Int

    public init(host: EgressHost, port: Int) {
        self.host = host
        self.port = port
    }

    public var description: String { "\(host):\(port)" }
}
