/// A pattern over bytes: `*` any text, `?` one byte, `[…]` one of. ASCII letters in any case.
public struct Glob: Sendable {
    private enum Kind: UInt8, Sendable { case byte, any, one, set }
    private struct Item: Sendable {
        let kind: Kind
        /// The byte itself, or the place of the set.
        let value: UInt8
    }

    private let items: [Item]
    private let sets: [ByteSet]
    /// Bytes that must all be in the text: refuses most texts at once.
    private let required: ByteSet
    private let head: UInt8?

    public init(_ pattern: String) {
        var items: [Item] = []
        var sets: [ByteSet] = []
        var bytes = Array(pattern.utf8.map(ASCII.lowercased))[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "*"): items.append(Item(kind: .any, value: 0))
            case UInt8(ascii: "?"): items.append(Item(kind: .one, value: 0))
            case UInt8(ascii: "["):
                guard let end = bytes.dropFirst().firstIndex(of: UInt8(ascii: "]")), sets.count < 255 else {
                    items.append(Item(kind: .byte, value: byte))
                    continue
                }
                items.append(Item(kind: .set, value: UInt8(sets.count)))
                sets.append(Self.set(bytes[bytes.startIndex..<end]))
                bytes = bytes[(end + 1)...]
            default: items.append(Item(kind: .byte, value: byte))
            }
        }
        self.items = items
        self.sets = sets
        required = ByteSet(items.lazy.filter { $0.kind == .byte }.map(\.value))
        head = items.first.flatMap { $0.kind == .byte ? $0.value : nil }
    }

    /// Whether it matches all of `text`.
    public func matches(_ text: String) -> Bool {
        let bytes = text.utf8.map(ASCII.lowercased)
        return matches(bytes, present: ByteSet(bytes))
    }

    /// Whether it matches all of `text`, which is in small letters.
    ///
    /// - Parameter present: the bytes that stand in it.
    func matches(_ text: [UInt8], present: ByteSet) -> Bool {
        guard required.isSubset(of: present), head == nil || text.first == head else { return false }
        return text.withUnsafeBufferPointer { text in items.withUnsafeBufferPointer { matches(text, $0) } }
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>, _ items: UnsafeBufferPointer<Item>) -> Bool {
        var place = 0
        var item = 0
        var retryItem = -1
        var retryPlace = 0
        while place < text.count {
            if item < items.count, items[item].kind == .any {
                item += 1
                retryItem = item
                retryPlace = place
            } else if item < items.count, takes(items[item], text[place]) {
                item += 1
                place += 1
            } else if retryItem >= 0 {
                item = retryItem
                retryPlace += 1
                place = retryPlace
            } else {
                return false
            }
        }
        while item < items.count, items[item].kind == .any { item += 1 }
        return item == items.count
    }

    private func takes(_ item: Item, _ byte: UInt8) -> Bool {
        switch item.kind {
        case .byte: item.value == byte
        case .one, .any: true
        case .set: sets[Int(item.value)].contains(byte)
        }
    }

    private static func set(_ body: ArraySlice<UInt8>) -> ByteSet {
        var members = ByteSet()
        let isNegated = body.first == UInt8(ascii: "!")
        var rest = isNegated ? body.dropFirst() : body
        while let low = rest.popFirst() {
            if rest.count >= 2, rest.first == UInt8(ascii: "-"), let high = rest.dropFirst().first, low <= high {
                rest = rest.dropFirst(2)
                for byte in low...high { members.insert(byte) }
            } else {
                members.insert(low)
            }
        }
        return isNegated ? members.inverted : members
    }
}

/// A set of bytes.
struct ByteSet: Sendable {
    private var words: SIMD4<UInt64> = .zero

    init() {}

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { insert(byte) }
    }

    mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

    func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0 }

    func isSubset(of other: ByteSet) -> Bool { words & ~other.words == .zero }

    var inverted: ByteSet {
        var set = self
        set.words = ~words
        return set
    }
}
