/// Text for people, cut to what is worth reading.
enum ShortText {
    /// The first line, with a mark where more was.
    static func line(_ text: String, limit: Int = 300) -> String {
        let lines = text.split(omittingEmptySubsequences: true) { $0.isNewline }
        guard let first = lines.first else { return "" }
        let isCut = lines.count > 1 || first.count > limit
        return first.prefix(limit) + (isCut ? " …" : "")
    }

    /// The last lines, indented, for what a tool gave.
    static func result(_ text: String, lines limit: Int = 12) -> String {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        var shown = lines.drop { $0.isEmpty }
        while shown.last?.isEmpty == true { shown.removeLast() }
        let left = shown.count - limit
        let head = left > 0 ? ["  … \(left) more lines"] : []
        return (head + shown.suffix(limit).map { "  " + $0.prefix(500) }).joined(separator: "\n")
    }
}
