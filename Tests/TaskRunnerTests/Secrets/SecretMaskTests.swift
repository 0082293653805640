import Foundation
import TestKit
import Testing

@testable import TaskRunner

@Suite("Secrets in what a task prints become ***")
struct SecretMaskTests {
    private static let secret = "s3cr3t/+ \"quoted\" <value>\u{e9}~"

    private func mask(_ secrets: String...) -> SecretMask { SecretMask(secrets.map { SecretValue(Array($0.utf8)) }) }

    private static func forms() -> [String] {
        let data = Data(secret.utf8)
        let base64 = data.base64EncodedString()
        let json = String(decoding: (try? JSONEncoder().encode([secret])) ?? Data(), as: UTF8.self)
        let allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: Unicode.Scalar(0)..."\u{7f}"))
            .union(CharacterSet(charactersIn: "-._~"))
        let percent = secret.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        return [
            secret, base64, base64.replacing("+", with: "-").replacing("/", with: "_"),
            data.map { String(format: "%02x", $0) }.joined(), data.map { String(format: "%02X", $0) }.joined(),
            data.map { String(format: "%02x", $0) }.joined(separator: ":"), percent, percent.lowercased(),
            percent.replacing("%20", with: "+"), String(json.dropFirst(2).dropLast(2)),
            #"s3cr3t/+ \"quoted\" \u003cvalue\u003e\#u{e9}~"#, #"s3cr3t/+ \"quoted\" <value>\u00e9~"#,
            #"s3cr3t\\/+ \\\"quoted\\\" <value>\\u00e9~"#,
        ]
    }

    @Test("The value and its common encodings are found in any text", arguments: forms())
    func encodings(form: String) {
        let mask = mask(Self.secret)
        #expect(mask.mask("before \(form) after") == "before *** after")
        #expect(mask.mask(form) == "***")
    }

    @Test("Base64 is found wherever the secret stands in what was encoded, in lines of any length", arguments: 0..<12)
    func base64(alignment: Int) {
        let mask = mask(Self.secret)
        let text = String(repeating: "a", count: alignment) + Self.secret + "and what comes after it"
        let encoded = Data(text.utf8).base64EncodedString()
        let core = Data(Self.secret.utf8).base64EncodedString()
        let masked = mask.mask(encoded)
        #expect(masked.contains("***"))
        #expect(masked.count <= encoded.count - core.count + 8)
        for width in [1, 3, 17, 64, 76] {
            for end in ["\n", "\r\n", "\\n", "\n    "] {
                var lines = ""
                for (index, character) in encoded.enumerated() {
                    if index > 0, index % width == 0 { lines += end }
                    lines.append(character)
                }
                let plain = mask.mask(lines).replacing(end, with: "")
                #expect(plain == masked, "\(width) \(end.debugDescription)")
            }
        }
    }

    @Test("Text without secrets is unchanged, whatever bytes it has", arguments: UInt64(0)..<50)
    func unchanged(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<4000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var mask = mask("longer than chance", Self.secret)
        #expect(mask.mask(bytes) + mask.finish() == bytes)
    }

    /// Many short secrets that overlap, of few letters, in text of the same letters, so that matches are everywhere.
    @Test(
        "However the stream is cut, the result is that of the whole, and no secret is in it", arguments: UInt64(0)..<300
    )
    func anyCut(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("ab:\n\\n6162".utf8)
        func text(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in letters.randomElement(using: &generator) ?? 0x61 }
        }
        let secrets = (0..<3).map { _ in SecretValue(text(Int.random(in: 6...9, using: &generator))) }
        var stream: [UInt8] = []
        for _ in 0..<40 {
            let form =
                SecretEncodings.exact(secrets[0].bytes).union(SecretEncodings.broken(secrets[1].bytes))
                .sorted { $0.lexicographicallyPrecedes($1) }
            stream += text(Int.random(in: 0...12, using: &generator))
            stream += Bool.random(using: &generator) ? secrets[2].bytes : form.randomElement(using: &generator) ?? []
        }
        let mask = SecretMask(secrets)
        var whole = mask
        let expected = whole.mask(stream) + whole.finish()
        for secret in secrets { #expect(!contains(expected, secret.bytes)) }
        for largest in [1, 2, 5, 30] {
            var pieces = mask
            var result: [UInt8] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...largest, using: &generator))
                result += pieces.mask(piece)
                rest = rest.dropFirst(piece.count)
            }
            result += pieces.finish()
            #expect(result == expected, "pieces of at most \(largest)")
        }
    }

    /// Looks at every place for every pattern, as slowly as that is right.
    @Test("It finds what a search by brute force finds", arguments: UInt64(0)..<100)
    func bruteForce(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("ab".utf8)
        func text(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in letters.randomElement(using: &generator) ?? 0x61 }
        }
        let patterns = (0..<5).map { _ in text(Int.random(in: 1...7, using: &generator)) }
        let automaton = PatternAutomaton(patterns)
        let stream = text(300)
        var state: Int32 = 0
        for index in stream.indices {
            state = automaton.step(state, stream[index])
            let ending = stream[...index]
            let expected = patterns.filter { ending.suffix($0.count).elementsEqual($0) }.map(\.count).max() ?? 0
            #expect(automaton.match(state) == expected)
        }
    }

    @Test("What may be part of a secret is held back, no more, and comes at the end")
    func holding() {
        var mask = mask("abcdefghijkl")
        #expect(mask.mask(Array("text abc".utf8)) == Array("text ".utf8))
        #expect(mask.heldBytes == 3)
        #expect(mask.mask(Array("x".utf8)) == Array("abcx".utf8))
        #expect(mask.heldBytes == 0)
        #expect(mask.mask(Array("abcd".utf8)) == [])
        #expect(mask.finish() == Array("abcd".utf8))
    }

    @Test("A secret that the end of the stream cuts in two is masked when at least half of it is there")
    func cutByEnd() {
        let mask = mask("abcdefghijkl")
        #expect(mask.mask("text abcdefgh") == "text ***")
        #expect(mask.mask("text abcde") == "text abcde")
    }

    @Test("Secrets side by side and within each other are one ***")
    func overlaps() {
        let mask = mask("abcdefgh", "efghijkl", "cdefgh")
        #expect(mask.mask("1abcdefghijkl2") == "1***2")
        #expect(mask.mask("abcdefghabcdefgh") == "***")
        #expect(mask.mask("cdefgh-cdefgh") == "***-***")
    }

    @Test("Of a key of several lines each line is masked, also indented, but not its header")
    func lines() {
        let key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END KEY-----"
        let mask = mask(key)
        #expect(mask.mask("the key is\n\(key)\n") == "the key is\n***\n")
        let indented = key.replacing("\n", with: "\n  ")
        #expect(mask.mask(indented) == "-----BEGIN KEY-----\n  ***\n  ***\n  -----END KEY-----")
    }

    @Test("Without secrets everything passes at once")
    func empty() {
        var mask = SecretMask([])
        #expect(mask.isEmpty)
        #expect(mask.mask([1, 2, 3]) == [1, 2, 3])
        #expect(mask.finish() == [])
        #expect(mask.mask("text") == "text")
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: part) }
    }
}
