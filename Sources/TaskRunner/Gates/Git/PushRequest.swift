/// What an attempt's git wants changed, as it says in the protocol of a push.
struct PushRequest: Equatable, Sendable {
    private(set) var updates: [PushUpdate] = []
    private(set) var capabilities: Set<String> = []

    /// References of one push: all of them are shown to whoever decides.
    static let largest = 200
    static let zero = String(repeating: "0", count: 40)

    var hasBands: Bool { capabilities.contains("side-band-64k") }
    var isAtomic: Bool { capabilities.contains("atomic") }
    /// Whether git can be told that its push became something else than it asked for.
    var canBeRenamed: Bool { capabilities.contains("report-status-v2") }
    private var wantsReport: Bool { capabilities.contains("report-status") || canBeRenamed }
    /// Whether a pack follows.
    var hasPack: Bool { updates.contains { $0.new != nil } }

    /// What is offered to git: the references that there are, and what can be asked for.
    static func advertisement(_ references: [RepositoryGateway.Reference], isPreflight: Bool = false) -> [UInt8] {
        let status = isPreflight ? "report-status report-status-v2" : "report-status"
        let offered = "\(status) delete-refs side-band-64k ofs-delta atomic object-format=sha1 agent=pandar"
        guard !references.isEmpty else {
            return PacketLine.bytes("\(zero) capabilities^{}\0\(offered)\n") + PacketLine.flush
        }
        return references.enumerated().flatMap { place, reference in
            PacketLine.bytes("\(reference.id) \(reference.name)\(place == 0 ? "\0\(offered)" : "")\n")
        } + PacketLine.flush
    }

    /// Takes one line: `OLD NEW NAME`, the first with what git asks for behind a null byte.
    mutating func take(_ line: [UInt8]) throws(PushRefusal) {
        let parts = line.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard var text = String(validating: parts[0], as: UTF8.self) else {
            throw PushRefusal("a name is not UTF-8")
        }
        if text.hasSuffix("\n") { text.removeLast() }
        // The objects of a shallow clone's edge are in the mirror.
        if text.hasPrefix("shallow ") { return }
        if parts.count == 2, updates.isEmpty {
            capabilities = Set(
                String(decoding: parts[1], as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init))
        }
        let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, Self.isID(words[0]), Self.isID(words[1]) else {
            throw PushRefusal("this is not git's protocol")
        }
        guard Self.isReference(words[2]) else { throw PushRefusal("a reference has a name that is not allowed") }
        guard updates.count < Self.largest else { throw PushRefusal("a push may change \(Self.largest) references") }
        guard !updates.contains(where: { $0.reference == words[2] }) else {
            throw PushRefusal("a reference is named twice")
        }
        updates.append(
            PushUpdate(
                reference: words[2], old: words[0] == Self.zero ? nil : words[0],
                new: words[1] == Self.zero ? nil : words[1]))
    }

    static func isID(_ text: String) -> Bool {
        text.utf8.count == 40 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// As `git check-ref-format` has it, and within `refs/`: such a name is no option, no pattern and no refspec.
    static func isReference(_ name: String) -> Bool {
        guard name.hasPrefix("refs/"), name.utf8.count <= 250, !name.hasSuffix("."), !name.contains(".."),
            !name.contains("@{"), name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !forbidden.contains($0) })
        else { return false }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count >= 3
            && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") }
    }

    private static let forbidden = Set("~^:?*[\\".utf8)

    /// What git is told in the end.
    ///
    /// - Parameters:
    ///   - unpacked: `ok`, or why nothing was taken.
    ///   - refused: why, by the reference.
    func report(unpacked: String, refused: [String: String]) -> [UInt8] {
        guard wantsReport else { return hasBands ? PacketLine.flush : [] }
        var report = PacketLine.bytes("unpack \(Self.line(unpacked))\n")
        for update in updates {
            let text = refused[update.reference].map { "ng \(update.reference) \(Self.line($0))\n" }
            report += PacketLine.bytes(text ?? "ok \(update.reference)\n")
        }
        return closed(report)
    }

    /// Where git's push is said to have gone when nothing was pushed: no reference that is followed has such a name.
    static let preflightReference = "refs/pandar/preflight"

    /// What git is told of a push that is approved and not done: it went well, but to another reference than git asked
    /// for. So git ends with 0 and leaves what it knows of the server's references as it is; it would send nothing later,
    /// if it believed that its commits are there. Only for a git that can be told this.
    func preflightReport() -> [UInt8] {
        var report = PacketLine.bytes("unpack ok\n")
        for update in updates {
            report += PacketLine.bytes("ok \(update.reference)\n")
            report += PacketLine.bytes("option refname \(Self.preflightReference)\n")
        }
        return closed(report)
    }

    private func closed(_ report: [UInt8]) -> [UInt8] {
        let whole = report + PacketLine.flush
        return hasBands ? PacketLine.banded(1, whole) + PacketLine.flush : whole
    }

    private static func line(_ text: String) -> String {
        String(text.prefix(500)).replacing("\n", with: " ").replacing("\0", with: " ")
    }
}
