import Foundation
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    /// A push that is asked about beforehand, as the agents' driver does it.
    @Suite struct Preflight {
        private static let commit = """
            export GIT_AUTHOR_DATE=@1700000000 GIT_COMMITTER_DATE=@1700000000
            export GIT_AUTHOR_NAME=Agent GIT_AUTHOR_EMAIL=agent@example.invalid
            export GIT_COMMITTER_NAME=Agent GIT_COMMITTER_EMAIL=agent@example.invalid
            git commit --quiet --allow-empty --message "$1"
            PANDAR_PUSH=ask git push origin HEAD:main

            """

        @Test("is asked about once and pushed once")
        func once() async throws {
            try await TestBed.with { bed in
                let scene = try await PushScene(bed, ["push.sh": Self.commit + "git push origin HEAD:main"])
                try await scene.request("push", "sh ./push.sh wanted")
                try await scene.status.task("push", is: "waiting_confirmation")
                try await scene.command("confirm", "push", "--actor", "ben").expecting()
                let task = try await scene.status.task("push", is: "completed")
                #expect(try await scene.subjects == ["wanted", "begin"])
                let asked = task.confirmations
                #expect(asked.count == 1)
                #expect(asked.first?["used"]?.objectValue?["act"]?.objectValue?["exit_code"] == 0)
                try await scene.command("audit", "verify").expecting()
            }
        }

        @Test("and not pushed: the record says that nothing was done")
        func unused() async throws {
            try await TestBed.with { bed in
                let scene = try await PushScene(bed, ["push.sh": Self.commit])
                try await scene.request("push", "sh ./push.sh wanted")
                try await scene.status.task("push", is: "waiting_confirmation")
                try await scene.command("confirm", "push", "--actor", "ben").expecting()
                try await scene.status.task("push", is: "completed")
                #expect(try await scene.subjects == ["begin"])
                let audit = try await scene.command("audit", "push").expecting().text
                #expect(audit.contains("approved, but the push did not follow"), "\(audit)")
            }
        }

        @Test("killed between approval and push: a human is asked again, with a warning")
        func killed() async throws {
            try await TestBed.with { bed in
                // The first attempt stays there until it is killed.
                let wait = "if [ \"$PANDAR_ATTEMPT\" = 1 ]; then exec sleep 100000; fi\n"
                let script = Self.commit + wait + "git push origin HEAD:main"
                let scene = try await PushScene(bed, ["push.sh": script])
                try await scene.request("push", "sh ./push.sh wanted")
                try await scene.status.task("push", is: "waiting_confirmation")
                try await scene.command("confirm", "push", "--actor", "ben").expecting()
                try await scene.grantIsTold("push")
                try await scene.kill()
                try await scene.restart()
                let again = try await scene.status.state.until("it asks again", seconds: 180) { state -> JSONObject? in
                    let open = state.tasks["push"]?.snapshot["confirmation"]?.objectValue
                    return open?["confirmation_id"]?.stringValue == "push/2" ? open : nil
                }
                #expect(again["warning"]?.stringValue?.contains("may have been done already") == true)
                try await scene.command("confirm", "push", "--id", "push/2", "--actor", "ben").expecting()
                try await scene.status.task("push", is: "completed")
                #expect(try await scene.subjects == ["wanted", "begin"])
            }
        }
    }
}
