/// Finds many patterns at once in one pass (Aho and Corasick, 1975). Most states have one way on, so a state takes a few
/// bytes; only where ways part stands a whole row.
struct PatternAutomaton: Sendable {
    /// The byte that leads on from a state with one child, and where to.
    private var expected: [UInt8] = [0]
    private var next: [Int32] = [0]
    /// Where to look on when no way leads on: the longest end of what was read that begins a pattern.
    private var failure: [Int32] = [0]
    /// Where the state's row begins; -1 for states with one child or none.
    private var row: [Int32] = [0]
    private var rows = [Int32](repeating: 0, count: 256)
    private var depths: [Int32] = [0]
    /// The length of the longest pattern that ends here.
    private var matches: [Int32] = [0]
    /// Whether at least half of some pattern has been read.
    private var halves: [Bool] = [false]

    /// Bytes of the longest pattern.
    private(set) var longest = 0

    init(_ patterns: some Sequence<[UInt8]>) {
        for pattern in patterns where !pattern.isEmpty { insert(pattern) }
        link()
    }

    var isEmpty: Bool { longest == 0 }

    /// The state after one byte more; 0 is the beginning.
    func step(_ state: Int32, _ byte: UInt8) -> Int32 {
        var state = Int(state)
        while true {
            let child = child(state, byte)
            if child != 0 || state == 0 { return child }
            state = Int(failure[state])
        }
    }

    /// How many of the last bytes may begin a pattern.
    func depth(_ state: Int32) -> Int { Int(depths[Int(state)]) }

    /// The length of the longest pattern that ends here; 0 for none.
    func match(_ state: Int32) -> Int { Int(matches[Int(state)]) }

    /// How many of the last bytes are at least half of a pattern; 0 for none.
    func half(_ state: Int32) -> Int {
        var state = Int(state)
        while state != 0, !halves[state] { state = Int(failure[state]) }
        return Int(depths[state])
    }

    /// The pairs of bytes that patterns begin with.
    var beginnings: [(UInt8, UInt8?)] {
        (0...UInt8.max).flatMap { first -> [(UInt8, UInt8?)] in
            let state = child(0, first)
            guard state != 0 else { return [] }
            return (0...UInt8.max).filter { child(Int(state), $0) != 0 }.map { (first, $0) } + [(first, nil)]
        }
    }

    private func child(_ state: Int, _ byte: UInt8) -> Int32 {
        let row = row[state]
        if row >= 0 { return rows[Int(row) + Int(byte)] }
        return expected[state] == byte ? next[state] : 0
    }

    private mutating func insert(_ pattern: [UInt8]) {
        longest = max(longest, pattern.count)
        var state = 0
        for (index, byte) in pattern.enumerated() {
            var child = child(state, byte)
            if child == 0 {
                child = Int32(depths.count)
                expected.append(0)
                next.append(0)
                failure.append(0)
                row.append(-1)
                depths.append(Int32(index + 1))
                matches.append(0)
                halves.append(false)
                connect(state, byte, child)
            }
            state = Int(child)
            if index + 1 >= max(SecretValue.shortest, (pattern.count + 1) / 2) { halves[state] = true }
        }
        matches[state] = Int32(pattern.count)
    }

    private mutating func connect(_ state: Int, _ byte: UInt8, _ child: Int32) {
        if row[state] < 0 {
            if next[state] == 0 {
                expected[state] = byte
                next[state] = child
                return
            }
            row[state] = Int32(rows.count)
            rows.append(contentsOf: repeatElement(0, count: 256))
            rows[Int(row[state]) + Int(expected[state])] = next[state]
        }
        rows[Int(row[state]) + Int(byte)] = child
    }

    private func children(_ state: Int) -> [(UInt8, Int32)] {
        let row = row[state]
        if row < 0 { return next[state] == 0 ? [] : [(expected[state], next[state])] }
        return (0...UInt8.max).compactMap { byte in
            let child = rows[Int(row) + Int(byte)]
            return child == 0 ? nil : (byte, child)
        }
    }

    /// Sets the ways back, by breadth.
    private mutating func link() {
        var queue: [Int] = children(0).map { Int($0.1) }
        var position = 0
        while position < queue.count {
            let state = queue[position]
            position += 1
            for (byte, child) in children(state) {
                let back = step(failure[state], byte)
                failure[Int(child)] = back
                if matches[Int(child)] == 0 { matches[Int(child)] = matches[Int(back)] }
                queue.append(Int(child))
            }
        }
    }
}
