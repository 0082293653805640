internal import TaskModel

/// One line of the doctor's report.
struct Finding: Hashable, Sendable {
    enum Verdict: String, Sendable {
        case ok, warn, fail
    }

    let verdict: Verdict
    /// What was looked at.
    let subject: String
    /// What was found.
    let detail: String
    /// What to do; empty when all is well.
    let remedy: String

    init(_ verdict: Verdict, _ subject: String, _ detail: String, remedy: String = "") {
        self.verdict = verdict
        self.subject = subject
        self.detail = detail
        self.remedy = remedy
    }

    func line(_ style: Style) -> String {
        let colour: Style.Colour =
            switch verdict {
            case .ok: .green
            case .warn: .yellow
            case .fail: .red
            }
        let mark = style(verdict.rawValue + String(repeating: " ", count: 4 - verdict.rawValue.count), colour)
        let name = subject + String(repeating: " ", count: max(1, 16 - subject.count))
        return "\(mark)  \(name)\(detail.printable)" + (remedy.isEmpty ? "" : style("  → \(remedy)", .bold))
    }

    var json: [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.object {
            $0.name("verdict")
            $0.string(verdict.rawValue)
            $0.name("subject")
            $0.string(subject)
            $0.name("detail")
            $0.string(detail)
            $0.optional("remedy", remedy.isEmpty ? nil : remedy)
        }
        return writer.bytes
    }
}
