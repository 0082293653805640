/// Whether two patterns (`*`, `?`, `[…]`) have a text in common, in any case: for a push of all that matches one.
enum PatternOverlap {
    private enum Item: Equatable { case any, one, character(Character) }

    static func exists(_ left: String, _ right: String) -> Bool {
        let left = items(left)
        let right = items(right)
        // overlaps[j]: the rest of left from i on and that of right from j on have a text in common.
        var overlaps = [Bool](repeating: false, count: right.count + 1)
        for i in stride(from: left.count, through: 0, by: -1) {
            let below = overlaps
            for j in stride(from: right.count, through: 0, by: -1) {
                let ofLeft = i < left.count ? left[i] : nil
                let ofRight = j < right.count ? right[j] : nil
                overlaps[j] =
                    switch (ofLeft, ofRight) {
                    case (nil, nil): true
                    case (.any, _): below[j] || (ofRight != nil && overlaps[j + 1])
                    case (_, .any): overlaps[j + 1] || (ofLeft != nil && below[j])
                    case (let ofLeft?, let ofRight?): fits(ofLeft, ofRight) && below[j + 1]
                    default: false
                    }
            }
        }
        return overlaps[0]
    }

    private static func fits(_ left: Item, _ right: Item) -> Bool {
        left == .one || right == .one || left == right
    }

    private static func items(_ pattern: String) -> [Item] {
        var items: [Item] = []
        var rest = pattern.lowercased()[...]
        while let character = rest.popFirst() {
            switch character {
            case "*": items.append(.any)
            case "?": items.append(.one)
            case "[":
                guard let end = rest.dropFirst().firstIndex(of: "]") else {
                    items.append(.character(character))
                    continue
                }
                items.append(.one)
                rest = rest[rest.index(after: end)...]
            default: items.append(.character(character))
            }
        }
        return items
    }
}
