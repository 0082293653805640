/// A pattern over bytes: `*` any text, `?` one byte, `[…]` one of. ASCII letters in any case.
struct Glob: Sendable {
    private enum Item: Sendable {
        case byte(UInt8)
        case any
        case one
        case set([Bool])
    }

    private let items: [Item]
    /// What the text must begin with: refuses most texts at once.
    private let head: UInt8?

    init(_ pattern: String) {
        var items: [Item] = []
        var bytes = Array(pattern.utf8.map(ASCII.lowercased))[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "*"): items.append(.any)
            case UInt8(ascii: "?"): items.append(.one)
            case UInt8(ascii: "["):
                guard let end = bytes.dropFirst().firstIndex(of: UInt8(ascii: "]")) else {
                    items.append(.byte(byte))
                    continue
                }
                items.append(.set(Self.set(bytes[bytes.startIndex..<end])))
                bytes = bytes[(end + 1)...]
            default: items.append(.byte(byte))
            }
        }
        self.items = items
        if case .byte(let byte) = items.first { head = byte } else { head = nil }
    }

    /// Whether it matches all of `text`, which is in small letters.
    func matches(_ text: [UInt8]) -> Bool {
        if let head, text.first != head { return false }
        var place = 0
        var item = 0
        var retry: (item: Int, place: Int)?
        while place < text.count {
            if item < items.count, case .any = items[item] {
                retry = (item + 1, place)
                item += 1
            } else if item < items.count, takes(items[item], text[place]) {
                item += 1
                place += 1
            } else if let last = retry {
                item = last.item
                place = last.place + 1
                retry = (last.item, place)
            } else {
                return false
            }
        }
        return items[item...].allSatisfy { if case .any = $0 { true } else { false } }
    }

    private func takes(_ item: Item, _ byte: UInt8) -> Bool {
        switch item {
        case .byte(let own): own == byte
        case .one, .any: true
        case .set(let members): members[Int(byte)]
        }
    }

    private static func set(_ body: ArraySlice<UInt8>) -> [Bool] {
        var members = [Bool](repeating: false, count: 256)
        let isNegated = body.first == UInt8(ascii: "!")
        var rest = isNegated ? body.dropFirst() : body
        while let low = rest.popFirst() {
            if rest.count >= 2, rest.first == UInt8(ascii: "-"), let high = rest.dropFirst().first, low <= high {
                rest = rest.dropFirst(2)
                for byte in low...high { members[Int(byte)] = true }
            } else {
                members[Int(low)] = true
            }
        }
        return isNegated ? members.map { !$0 } : members
    }
}

/// Letters, digits and so on, of ASCII alone.
enum ASCII {
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        let small = byte | 0x20
        return small >= UInt8(ascii: "a") && small <= UInt8(ascii: "z")
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// A letter, a digit, `_`, or anything that is not ASCII.
    static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
    }
}
