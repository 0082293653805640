internal import TaskModel

/// Named checks and what they found.
public struct HealthReport: Hashable, Sendable {
    /// One check.
    public struct Check: Hashable, Sendable {
        public let name: String
        public let isOK: Bool
        /// One sentence: what was found, and what to do when it is not well.
        public let detail: String

        public init(name: String, isOK: Bool, detail: String) {
            self.name = name
            self.isOK = isOK
            self.detail = detail
        }
    }

    public let checks: [Check]

    public init(_ checks: [Check]) {
        self.checks = checks
    }

    /// Whether all checks are well; a report without checks is.
    public var isOK: Bool { checks.allSatisfy(\.isOK) }

    /// `{"status":"ok"|"failing","checks":[{"name":…,"ok":…,"detail":…}]}`.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.name("status")
            $0.string(isOK ? "ok" : "failing")
            $0.name("checks")
            $0.array { writer in
                for check in checks {
                    writer.object {
                        $0.name("name")
                        $0.string(check.name)
                        $0.name("ok")
                        $0.bool(check.isOK)
                        $0.name("detail")
                        $0.string(check.detail)
                    }
                }
            }
        }
        return writer.bytes
    }
}
