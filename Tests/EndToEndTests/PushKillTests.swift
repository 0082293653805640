import Foundation
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    /// `kill -9` around an approved push: it is done at most once, and where nobody can know, a human is asked again.
    @Suite struct PushKill {
        @Test("killed while the task waits, and decided while no service runs: the approval is for that very commit")
        func killed() async throws {
            try await TestBed.with { bed in
                let scene = try await PushScene(bed, ["push.sh": PushScene.repeatablePush])
                try await scene.request("patient", "sh ./push.sh patient")
                let first = try await scene.status.task("patient", is: "waiting_confirmation")
                try await scene.kill()
                // While nobody is there to take it in.
                try await scene.command("confirm", "patient", "--actor", "ben").expecting()
                try await scene.restart()
                let task = try await scene.status.task("patient", is: "completed")
                #expect(try await scene.subjects == ["patient", "begin"])
                #expect(task.attempts.map { $0["outcome"] } == ["lost", "completed"])
                let asked = task.snapshot["confirmations"]?.arrayValue?.compactMap(\.objectValue) ?? []
                let question = first.snapshot["confirmation"]?.objectValue
                #expect(asked.map { $0["confirmation_id"] } == [question?["confirmation_id"]])
            }
        }

        @Test("killed as soon as the grant is told: done once at most, and asked again where it was not done")
        func afterTheGrant() async throws {
            try await TestBed.with { bed in
                let scene = try await PushScene(bed, ["push.sh": PushScene.repeatablePush])
                try await scene.request("push", "sh ./push.sh push")
                try await scene.status.task("push", is: "waiting_confirmation")
                try await scene.command("confirm", "push", "--actor", "ben").expecting()
                try await scene.grantIsTold("push")
                try await scene.kill()
                let isDone = try await scene.subjects == ["push", "begin"]
                try await scene.restart()
                if isDone {
                    try await scene.status.task("push", is: "completed")
                    #expect(try await scene.subjects == ["push", "begin"])
                } else {
                    try await agreeAgain(scene)
                }
            }
        }

        @Test("killed in the middle of the act: a human is asked again, who is told that it may have been done")
        func inTheMiddle() async throws {
            try await TestBed.with { bed in
                let gate = try Barrier(bed)
                let scene = try await PushScene(bed, ["push.sh": PushScene.repeatablePush])
                try scene.hook("pre-receive", gate.script)
                try await killed(scene, at: gate)
                try await agreeAgain(scene)
                // What was left of the first push comes too late, if anything was left.
                gate.release()
                #expect(try await scene.subjects == ["push", "begin"])
            }
        }

        @Test("killed between act and report: it is not done again, and the trail says that its end is not known")
        func afterTheAct() async throws {
            try await TestBed.with { bed in
                let gate = try Barrier(bed)
                let scene = try await PushScene(bed, ["push.sh": PushScene.repeatablePush])
                try scene.hook("post-receive", gate.script)
                try await killed(scene, at: gate)
                #expect(try await scene.subjects == ["push", "begin"])
                // Another attempt finds its commit there and has nothing to push.
                let task = try await scene.status.task("push", is: "completed")
                #expect(try await scene.subjects == ["push", "begin"])
                let asked = task.confirmations
                #expect(asked.count == 1 && asked.first?["used"]?.objectValue?["act"] == nil)
                let audit = try await scene.command("audit", "push").expecting().text
                #expect(audit.contains("not known"), "\(audit)")
                gate.release()
            }
        }

        /// A task whose approved push stands at `gate` when the service is killed; then it is started again.
        private func killed(_ scene: PushScene, at gate: Barrier) async throws {
            try await scene.request("push", "sh ./push.sh push")
            try await scene.status.task("push", is: "waiting_confirmation")
            try await scene.command("confirm", "push", "--actor", "ben").expecting()
            try await eventually("the push is under way") { gate.isReached }
            try await scene.kill()
            try await scene.restart()
        }

        /// The same act is asked about once more, with a warning, and lands once.
        private func agreeAgain(_ scene: PushScene) async throws {
            let again = try await scene.status.state.until("it asks again", seconds: 180) { state -> JSONObject? in
                let open = state.tasks["push"]?.snapshot["confirmation"]?.objectValue
                return open?["confirmation_id"]?.stringValue == "push/2" ? open : nil
            }
            #expect(again["warning"]?.stringValue?.contains("may have been done already") == true)
            // By its id: the cache may still be behind.
            try await scene.command("confirm", "push", "--id", "push/2", "--actor", "ben").expecting()
            let task = try await scene.status.task("push", is: "completed")
            #expect(try await scene.subjects == ["push", "begin"])
            let asked = task.confirmations
            #expect(asked.map { $0["status"] } == ["approved", "approved"])
            #expect(asked.first?["used"]?.objectValue?["act"] == nil)
            #expect(asked.last?["used"]?.objectValue?["act"]?.objectValue?["exit_code"] == 0)
        }
    }
}

/// A place in a script where the first who comes stands until it is let go.
private struct Barrier {
    private let mark: String
    private let pipe: String

    init(_ bed: TestBed) throws {
        mark = bed.path("reached")
        pipe = bed.path("release")
        guard mkfifo(pipe, 0o600) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    /// Lines of a shell script.
    var script: String { "if [ ! -e '\(mark)' ]; then : > '\(mark)'; read line < '\(pipe)'; fi" }

    var isReached: Bool { FileManager.default.fileExists(atPath: mark) }

    /// Lets go of who stands there, if anybody does.
    func release() {
        let descriptor = open(pipe, O_WRONLY | O_NONBLOCK)
        if descriptor >= 0 { close(descriptor) }
    }
}
