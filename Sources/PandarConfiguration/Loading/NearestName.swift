/// Finds what somebody meant who wrote a name that does not exist.
public enum NearestName {
    /// The name with the fewest edits from `text`, unless more than a third of it would have to change.
    public static func of(_ text: String, in names: some Sequence<String>) -> String? {
        let ranked = names.map { ($0, distance(text, $0)) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        guard let (name, distance) = ranked, distance <= max(2, text.count / 3) else { return nil }
        return name
    }

    /// Levenshtein's distance.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let substituted = diagonal + (character == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
