internal import TaskModel

/// Reads task requests as JSON: one object over any number of lines, an array of objects, or one object a line.
enum RequestLines {
    /// One object with the line it begins on, from 1.
    struct Entry: Hashable {
        let line: Int
        let object: JSONObject
    }

    /// Splits the input. Throws the first line that is no JSON object.
    static func read(_ input: [UInt8]) throws(CommandError) -> [Entry] {
        if let whole = try? JSONParser.parse(input) {
            switch whole {
            case .object(let object): return [Entry(line: firstLine(input), object: object)]
            case .array(let elements):
                var entries: [Entry] = []
                for (index, element) in elements.enumerated() {
                    guard let object = element.objectValue else {
                        throw CommandError(
                            .badInput, "Element \(index + 1) of the array must be an object, but is \(element.kind).")
                    }
                    entries.append(Entry(line: index + 1, object: object))
                }
                return entries
            default: throw CommandError(.badInput, "The input must be JSON objects, but is \(whole.kind).")
            }
        }
        var entries: [Entry] = []
        for (number, line) in numberedLines(input) {
            do throws(JSONError) {
                guard let object = try JSONParser.parse(line).objectValue else {
                    throw JSONError(code: .syntax, offset: 0, message: "the line is no object")
                }
                entries.append(Entry(line: number, object: object))
            } catch {
                throw CommandError(
                    .badInput,
                    "Line \(number) is no JSON object: \(error); give one object a line, or one object in all.")
            }
        }
        return entries
    }

    /// The lines that are not blank, numbered from 1.
    static func numberedLines(_ input: [UInt8]) -> [(number: Int, bytes: [UInt8])] {
        input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .filter { !$0.element.allSatisfy(isSpace) }
            .map { ($0.offset + 1, Array($0.element)) }
    }

    private static func firstLine(_ input: [UInt8]) -> Int {
        1 + input.prefix { isSpace($0) }.count { $0 == UInt8(ascii: "\n") }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        [0x20, 0x09, 0x0D, 0x0A].contains(byte)
    }
}
