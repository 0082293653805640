import Foundation
import Glibc
import Testing

/// What attempts wrote themselves while they ran: the one witness that does not depend on what the service says.
///
/// Each attempt holds a lock of its task as long as any process of it lives, so that an overlap is seen whichever of the
/// two ends first and however it ends.
struct Marks: Sendable {
    struct Mark: Sendable, Hashable {
        /// `start`, `end` or `overlap`.
        let kind: String
        let task: String
        let attempt: Int
    }

    let path: String
    private let locks: String
    private let script: String

    init(_ bed: TestBed) throws {
        path = bed.path("marks")
        locks = bed.path("locks")
        try FileManager.default.createDirectory(atPath: locks, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: path))
        // One line a mark, appended in one write: the order of the lines is the order of what happened.
        script = try bed.script(
            "attempt",
            """
            #!/bin/sh
            # attempt MARKS LOCKS COMMAND…
            marks=$1 locks=$2
            shift 2
            exec 9>>"$locks/$PANDAR_TASK_ID"
            flock -n 9 || echo "overlap $PANDAR_TASK_ID $PANDAR_ATTEMPT" >>"$marks"
            echo "start $PANDAR_TASK_ID $PANDAR_ATTEMPT" >>"$marks"
            echo "attempt $PANDAR_ATTEMPT"
            "$@" || exit
            echo "end $PANDAR_TASK_ID $PANDAR_ATTEMPT" >>"$marks"

            """)
    }

    /// The command of a task that runs `command` between its marks.
    func command(_ command: String) -> String {
        "\(script) \(path) \(locks) \(command)"
    }

    var all: [Mark] {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
            .split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 3, let attempt = Int(words[2]) else { return nil }
                return Mark(kind: words[0], task: words[1], attempt: attempt)
            }
    }

    /// The attempts of each task that really started, in their order.
    var starts: [String: [Int]] {
        all.reduce(into: [:]) { if $1.kind == "start" { $0[$1.task, default: []].append($1.attempt) } }
    }

    /// Whether a process of the task lives.
    func isHeld(_ task: String) -> Bool {
        let descriptor = Glibc.open("\(locks)/\(task)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    /// Fails the test when two attempts of a task overlapped, or one started twice, or out of order.
    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        let marks = all
        #expect(marks.filter { $0.kind == "overlap" } == [], sourceLocation: sourceLocation)
        for (task, attempts) in starts {
            #expect(attempts == Array(Set(attempts)).sorted(), "\(task)", sourceLocation: sourceLocation)
        }
        let ends = marks.filter { $0.kind == "end" }
        #expect(ends.count == Set(ends).count, sourceLocation: sourceLocation)
    }
}

/// Holds attempts up until the test lets them go; they wait without using the processor.
final class Gate: Sendable {
    private let descriptor: Int32
    /// What an attempt runs to wait.
    let command: String

    init(_ bed: TestBed, _ name: String = "gate") throws {
        let path = bed.path(name)
        descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        command = "flock -s \(path) true"
    }

    /// From now on nobody waits.
    func open() {
        flock(descriptor, LOCK_UN)
    }

    deinit {
        close(descriptor)
    }
}
