/// Members that are left out when there is nothing to say.
extension JSONWriter {
    public mutating func optional(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        self.name(name)
        string(text)
    }

    public mutating func optional(_ name: StaticString, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        self.name(name)
        integer(number)
    }

    public mutating func optional(_ name: StaticString, _ time: Timestamp?) {
        guard let time else { return }
        self.name(name)
        self.time(time)
    }

    /// Seconds with millisecond precision.
    public mutating func optional(_ name: StaticString, milliseconds: Int64?) {
        guard let milliseconds else { return }
        self.name(name)
        seconds(milliseconds: milliseconds)
    }

    /// An empty list is left out.
    public mutating func optional(_ name: StaticString, _ texts: [String]) {
        guard !texts.isEmpty else { return }
        self.name(name)
        array { for text in texts { $0.string(text) } }
    }

    public mutating func members(_ members: [JSONObject.Member]) {
        for member in members {
            name(escaping: member.name)
            value(member.value)
        }
    }
}
