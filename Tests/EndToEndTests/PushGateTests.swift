import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    /// A real push to a real repository, stopped by a gate in the middle of an attempt.
    @Suite struct PushGate {
        @Test("a push to a protected branch waits, is shown with its commits, and lands once it is approved")
        func approved() async throws {
            try await TestBed.with { bed in
                let scene = try await PushScene(bed, ["push.sh": PushScene.push])
                try await scene.request("wanted", "sh ./push.sh wanted")
                let waiting = try await scene.status.task("wanted", is: "waiting_confirmation")
                let confirmation = try #require(waiting.snapshot["confirmation"]?.objectValue)
                #expect(confirmation["gate"] == "git_push_protected")
                let action = JSONWriter.bytes(of: confirmation["action"] ?? .null)
                let shown = String(decoding: action, as: UTF8.self)
                for part in [scene.remote, "refs/heads/main", try await scene.tip, "wanted"] {
                    #expect(shown.contains(part), "\(part) in \(shown)")
                }
                #expect(try await scene.subjects == ["begin"])
                try await scene.command("confirm", "wanted", "--actor", "ben", "--reason", "read it").expecting()
                let task = try await scene.status.task("wanted", is: "completed")
                #expect(try await scene.subjects == ["wanted", "begin"])
                #expect(task.attempts.count == 1)
                let audit = try await scene.command("audit", "wanted").expecting().text
                #expect(audit.contains("ben") && audit.contains("git_push_protected"), "\(audit)")
                try await scene.command("audit", "verify").expecting()
            }
        }

        @Test("after a rejection the commit is absent, and the task ends as its gate says")
        func rejected() async throws {
            try await TestBed.with { bed in
                let scene = try await PushScene(bed, ["push.sh": PushScene.push])
                try await scene.request("unwanted", "sh ./push.sh unwanted")
                try await scene.status.task("unwanted", is: "waiting_confirmation")
                try await scene.command("reject", "unwanted", "--actor", "ben", "--reason", "no").expecting()
                try await scene.status.task("unwanted", is: "cancelled")
                #expect(try await scene.subjects == ["begin"])
            }
        }

        @Test("what was added after the question is not pushed by the approval of what was before")
        func addedLater() async throws {
            try await TestBed.with { bed in
                let script = """
                    export GIT_AUTHOR_NAME=Agent GIT_AUTHOR_EMAIL=agent@example.invalid
                    export GIT_COMMITTER_NAME=Agent GIT_COMMITTER_EMAIL=agent@example.invalid
                    git commit --quiet --allow-empty --message shown
                    git push origin HEAD:main & pusher=$!
                    git commit --quiet --allow-empty --message hidden
                    wait $pusher
                    """
                let scene = try await PushScene(bed, ["push.sh": script])
                try await scene.request("sly", "sh ./push.sh")
                let waiting = try await scene.status.task("sly", is: "waiting_confirmation")
                let action = waiting.snapshot["confirmation"]?.objectValue?["action"] ?? .null
                let shown = String(decoding: JSONWriter.bytes(of: action), as: UTF8.self)
                try await scene.command("confirm", "sly", "--actor", "ben").expecting()
                try await scene.status.task("sly", is: "completed")
                // Whichever of the two the push saw: what was shown is what is there.
                #expect(try await scene.subjects.filter { $0 != "begin" }.allSatisfy { shown.contains($0) })
                #expect(try await scene.subjects.count >= 2)
            }
        }
    }
}
