import Agents
import Foundation
import TaskModel
import Testing

/// Recorded conversations and what tests do with them.
enum Recording {
    struct Entry {
        let isFromAgent: Bool
        let line: [UInt8]
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recordings")

    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (files ?? []).filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()
    }()

    static func entries(_ name: String) throws -> [Entry] {
        let data = try Data(contentsOf: folder.appending(path: name + ".jsonl"))
        return try data.split(separator: UInt8(ascii: "\n")).map {
            let entry = try #require(JSONParser.parse(Array($0)).objectValue)
            return Entry(
                isFromAgent: entry["from"]?.stringValue == "agent",
                line: Array(try #require(entry["line"]?.stringValue).utf8))
        }
    }

    /// The runs of a recording: one that resumes holds two.
    static func runs(_ name: String) throws -> [[Entry]] {
        var runs: [[Entry]] = []
        for entry in try entries(name) {
            let isFirst = !entry.isFromAgent && String(decoding: entry.line, as: UTF8.self).contains("\"initialize\"")
            if isFirst { runs.append([]) }
            runs[runs.count - 1].append(entry)
        }
        return runs
    }

    static func kind(_ name: String) -> AdapterKind {
        name.hasPrefix("codex") ? .codexAppServer : name.hasPrefix("claude") ? .claudeStreamJSON : .acp
    }

    static func adapter(_ name: String, session: String? = nil) throws -> any AgentAdapter {
        let task = AgentTask(
            prompt: "Do the task.", directory: "/tmp/work", session: session,
            resumeNote: "Pandar was restarted; go on where you were.")
        return try #require(kind(name).adapter(for: task))
    }
}

extension JSONValue {
    /// With the members of objects in the order of their names, to compare what is the same in another order.
    var sorted: JSONValue {
        switch self {
        case .object(let object):
            .object(
                JSONObject(
                    object.members.sorted { $0.name < $1.name }.map { .init(name: $0.name, value: $0.value.sorted) }))
        case .array(let elements): .array(elements.map(\.sorted))
        default: self
        }
    }
}

extension [AgentAction] {
    var written: [JSONValue] {
        flatMap { action -> [JSONValue] in
            guard case .write(let bytes) = action else { return [] }
            return bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONParser.parse([UInt8]($0)) }
        }
    }
    var questions: [AgentQuestion] { compactMap { if case .ask(let question) = $0 { question } else { nil } } }
    var results: [AgentResult] { compactMap { if case .finished(let result) = $0 { result } else { nil } } }
    var percentages: [Int] { compactMap { if case .progress(let report) = $0 { report.percent } else { nil } } }
    var usages: [TokenUsage] { compactMap { if case .usage(let usage) = $0 { usage } else { nil } } }
    var plans: [[PlanStep]] { compactMap { if case .plan(let plan) = $0 { plan } else { nil } } }
    var sessions: [String] { compactMap { if case .session(let id) = $0 { id } else { nil } } }
    var texts: [String] { compactMap { if case .text(let text) = $0 { text } else { nil } } }
    var retries: Int { count { if case .retrying = $0 { true } else { false } } }
}

/// The words of a line, for streams written by hand.
func line(_ value: JSONValue) -> [UInt8] { JSONWriter.bytes(of: value) }
