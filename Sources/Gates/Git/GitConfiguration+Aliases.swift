extension GitConfiguration {
    /// What an alias stands for. Names of aliases are the same in large and small letters.
    func alias(_ name: String) -> String? {
        let keys = ["alias.\(name.lowercased())", "alias.\(name.lowercased()).command"]
        return entries.last { keys.contains($0.key.lowercased()) }?.value
    }

    /// The words of an alias, as git splits them; `nil` where a quote is not closed.
    static func words(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == "\\", quote != "'" {
                guard let escaped = rest.popFirst() else { return nil }
                word = (word ?? "") + String(escaped)
            } else if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return quote == nil ? words : nil
    }
}
