internal import Foundation
internal import Gates
internal import TaskModel

/// A command as it would run outside: exactly what is judged, shown, agreed to and done.
struct ActQuestion {
    /// The program's name and its arguments.
    let words: [String]
    /// Beneath the workspace; empty for the workspace itself.
    let directory: String
    /// Variables of the attempt's that go along.
    let environment: [String: String]
    /// Standard input: its digest and its size.
    var input: (digest: [UInt8], size: Int)?
    var manifest: TreeManifest?

    /// Files and directories that the words name and that are shown by themselves.
    private static let namedLimit = 40
    /// Bytes of words and variables of what is asked about.
    static let sizeLimit = 16 * 1024

    var size: Int {
        words.reduce(0) { $0 + $1.utf8.count } + environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }

    var question: GateQuestion {
        GateQuestion(
            argv: words, workingDirectory: directory.isEmpty ? Mount.workspace : "\(Mount.workspace)/\(directory)",
            environment: environment)
    }

    /// Whether standard input belongs to the command, as its words tell; otherwise it has none. An end of input that
    /// never comes would hold up every command.
    var wantsInput: Bool {
        let words = words.dropFirst()
        let exact: Set<String> = [
            "-", "/dev/stdin", "-f-", "-i", "-it", "-ti", "--stdin", "--stdin=true", "--with-token", "--password-stdin",
        ]
        return words.contains { exact.contains($0) || $0.hasSuffix("=-") || $0.hasSuffix("=/dev/stdin") }
    }

    /// What an approver is shown. With every file of the workspace in it, by `workspace_sha256`: an approval holds for
    /// nothing else.
    var action: JSONObject {
        var members: [JSONObject.Member] = [
            .init(name: "argv", value: .array(words.map(JSONValue.string))),
            .init(name: "directory", value: .string(directory.isEmpty ? "." : directory)),
        ]
        if !environment.isEmpty {
            let variables = environment.sorted { $0.key < $1.key }
            members.append(
                .init(
                    name: "environment",
                    value: .object(JSONObject(variables.map { .init(name: $0.key, value: .string($0.value)) }))))
        }
        if let input {
            members.append(
                .init(
                    name: "stdin",
                    value: ["sha256": .string(input.digest.hexadecimal), "size": .integer(Int64(input.size))]))
        }
        guard let manifest else { return JSONObject(members) }
        let named = named(manifest)
        members.append(.init(name: "files", value: .array(Array(named.prefix(Self.namedLimit)))))
        if named.count > Self.namedLimit {
            members.append(.init(name: "files_omitted", value: .integer(Int64(named.count - Self.namedLimit))))
        }
        members.append(.init(name: "workspace_sha256", value: .string(manifest.digest().digest.hexadecimal)))
        return JSONObject(members)
    }

    private func named(_ manifest: TreeManifest) -> [JSONValue] {
        var seen: Set<[UInt8]> = []
        var named: [JSONValue] = []
        for path in words.dropFirst().flatMap(Self.candidates).compactMap(place) where seen.insert(path).inserted {
            let shown = String(decoding: path, as: UTF8.self)
            switch manifest.entries[path] {
            case .file(let file):
                named.append([
                    "path": .string(shown), "sha256": .string(file.digest.hexadecimal), "size": .integer(file.size),
                ])
            case .directory:
                let tree = manifest.digest(beneath: path)
                named.append([
                    "path": .string(shown + "/"), "sha256": .string(tree.digest.hexadecimal),
                    "entries": .integer(Int64(tree.count)),
                ])
            default: continue
            }
        }
        return named
    }

    /// The names of files that may be in a word: `x`, `--option=x`, `-fx`, `a=x`, `@x`, `file://x`.
    private static func candidates(_ word: String) -> [String] {
        var candidates = [word]
        for (place, character) in zip(word.indices, word) where character == "=" || character == "," {
            candidates.append(String(word[word.index(after: place)...]))
        }
        if word.hasPrefix("-"), !word.hasPrefix("--"), word.count > 2 { candidates.append(String(word.dropFirst(2))) }
        for candidate in candidates {
            for mark in ["@", "file://", "fileb://"] where candidate.hasPrefix(mark) {
                candidates.append(String(candidate.dropFirst(mark.count)))
            }
        }
        return candidates
    }

    /// Where a path leads beneath the workspace; `nil`: nowhere, or to itself.
    private func place(_ path: String) -> [UInt8]? {
        guard path.utf8.count < 1000, !path.isEmpty else { return nil }
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] =
            isAbsolute ? [] : Mount.workspace.split(separator: "/") + directory.split(separator: "/")
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        guard let first = parts.first, "/\(first)" == Mount.workspace, parts.count > 1 else { return nil }
        return Array(parts.dropFirst().joined(separator: "/").utf8)
    }
}
