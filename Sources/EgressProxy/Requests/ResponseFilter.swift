/// Makes the final response to a plain request say `Connection: close`, whatever the host says: the client must not send
/// another request on a connection that takes one.
struct ResponseFilter: Sendable {
    /// The most bytes that a response's head may have.
    static let maximumHead = 64 * 1024

    private var collector: HeadCollector? = HeadCollector(limit: maximumHead)

    /// Whether the head of the final response has passed.
    var isOpen: Bool { collector == nil }

    /// What goes to the client for these bytes of the host.
    ///
    /// - Returns: nil if they are not an HTTP/1 response.
    mutating func pass(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var input = Array(bytes)
        while var collecting = collector {
            if collecting.isEmpty && input.isEmpty { return output }
            switch collecting.append(input) {
            case .incomplete:
                guard collecting.first == UInt8(ascii: "H") else { return nil }
                collector = collecting
                return output
            case .tooLarge: return nil
            case .complete(let head, let rest):
                guard let (rewritten, isFinal) = Self.rewritten(head) else { return nil }
                output += rewritten
                input = rest
                collector = isFinal ? nil : HeadCollector(limit: Self.maximumHead)
            }
        }
        return output + input
    }

    /// Works on bytes: hosts send fields in old encodings.
    private static func rewritten(_ head: [UInt8]) -> (head: [UInt8], isFinal: Bool)? {
        let lines = head.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard let status = lines.first, status.starts(with: "HTTP/1.".utf8), status.count >= 12 else { return nil }
        // 1xx comes before the final response, but for 101, which was not asked for: Upgrade is not passed on.
        let isInterim = status.dropFirst(8).prefix(2).elementsEqual(" 1".utf8)
        var kept: [UInt8] = []
        for line in lines {
            let key = String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self).lowercased()
            if ["connection", "keep-alive", "proxy-connection"].contains(key) && !isInterim { continue }
            if !kept.isEmpty { kept.append(0x0A) }
            kept += line
        }
        if kept.last == 0x0D { kept.removeLast() }
        return (kept + Array((isInterim ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n").utf8), !isInterim)
    }
}
