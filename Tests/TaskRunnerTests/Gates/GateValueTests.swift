import Gates
import TaskModel
import Testing

@testable import TaskRunner

@Suite("Decisions of the gate broker")
struct GateValueTests {
    private func rules(_ policy: ApprovalPolicy, _ names: [String]) -> GateRules {
        GateRules(catalog: .builtIn, names: names, policy: policy)
    }

    private static let old = String(repeating: "1", count: 40)
    private static let new = String(repeating: "2", count: 40)

    @Test(
        "A push is judged by what it changes",
        arguments: [
            ("refs/heads/main", true), ("refs/heads/MAIN", true), ("refs/heads/master", true),
            ("refs/heads/release/1", true), ("refs/heads/feature", false), ("refs/heads/main2", false),
            ("refs/tags/v1", false), ("refs/heads/x/main", false), ("refs/for/main", false),
        ])
    func pushes(reference: String, isHit: Bool) {
        for (old, new, forced) in [
            (Self.old, Self.new, false), (Self.old, Self.new, true), (nil, Self.new, false), (Self.old, nil, true),
        ] as [(String?, String?, Bool)] {
            var change = PushQuestion.Change(update: PushUpdate(reference: reference, old: old, new: new))
            change.isForced = forced
            let push = PushQuestion(location: "https://example.invalid/a.git", changes: [change])
            let decision = rules(.autoWithGates, ["git_push_protected"]).decision(on: push.question)
            if case .ask(let hits) = decision {
                #expect(isHit, "\(reference)")
                // What is known is asked as known.
                #expect(!hits.contains { !$0.isCertain })
            } else {
                #expect(!isHit, "\(reference)")
            }
        }
    }

    @Test("The policy and the task's own gates decide whether anybody is asked")
    func policies() {
        let change = PushQuestion.Change(
            update: PushUpdate(reference: "refs/heads/main", old: Self.old, new: Self.new))
        let question = PushQuestion(location: "/srv/a.git", changes: [change]).question
        #expect(rules(.autoWithGates, []).decision(on: question) == .free)
        #expect(rules(.autoWithGates, ["infra_change", "unknown"]).decision(on: question) == .free)
        guard case .noted = rules(.auto, ["git_push_protected"]).decision(on: question),
            case .noted = rules(.manual, ["git_push_protected"]).decision(on: question)
        else { return #expect(Bool(false), "a hit was not noted") }
    }

    @Test("Secrets are withheld only where they must be asked for; programs are covered only where gates look at them")
    func secretsAndPrograms() {
        #expect(rules(.autoWithGates, ["secrets_access"]).withholds(secret: "API_KEY"))
        #expect(!rules(.auto, ["secrets_access"]).withholds(secret: "API_KEY"))
        #expect(!rules(.autoWithGates, ["infra_change"]).withholds(secret: "API_KEY"))
        let programs = rules(.autoWithGates, ["infra_change", "secrets_access"]).programs
        #expect(programs.contains("kubectl") && programs.contains("terraform") && programs.contains("vault"))
        #expect(!programs.contains("git"))
        #expect(rules(.autoWithGates, []).programs.isEmpty)
        #expect(rules(.auto, ["infra_change"]).programs.isEmpty)
    }

    private func ask(_ desk: inout GateDesk, _ name: String) -> Int? {
        desk.ask(gate: "g", rule: "r", reason: "w", action: JSONObject([.init(name: "a", value: .string(name))]))?
            .number
    }

    @Test("An answer wakes the one that asked, once, and no other")
    func answers() {
        var desk = GateDesk()
        #expect(ask(&desk, "a") == 1)
        // The same at the same time is a second question: an approval is for one use.
        #expect(ask(&desk, "a") == 2)
        #expect(desk.waiting.map(\.number) == [1, 2])
        #expect(desk.answer(2, .granted(confirmationID: "c")) == .wakes)
        #expect(desk.answer(2, .granted(confirmationID: "c")) == .none)
        #expect(desk.answer(7, .granted(confirmationID: "c")) == .none)
        #expect(desk.waiting.map(\.number) == [1])
    }

    @Test("Who asks again after losing patience gets the same question; an approval that nobody waits for is not used")
    func patience() {
        var desk = GateDesk()
        #expect(ask(&desk, "a") == 1)
        desk.leave(1)
        #expect(desk.waiting.isEmpty)
        #expect(ask(&desk, "b") == 2)
        #expect(ask(&desk, "a") == 1)
        #expect(desk.waiting.map(\.number) == [1, 2])
        desk.leave(1)
        #expect(desk.answer(1, .granted(confirmationID: "c")) == .unused(confirmationID: "c"))
        #expect(ask(&desk, "a") == 3)
        desk.leave(3)
        #expect(desk.answer(3, .refused(reason: "no")) == .unused(confirmationID: nil))
    }

    @Test("Questions are bounded, and after the end there are none")
    func bounds() {
        var desk = GateDesk()
        for number in 1...GateDesk.largestOpen { #expect(ask(&desk, "\(number)") == number) }
        #expect(ask(&desk, "more") == nil)
        var total = GateDesk.largestOpen
        while total < GateDesk.largestTotal {
            #expect(desk.answer(total, .refused(reason: "no")) == .wakes)
            total += 1
            #expect(ask(&desk, "x\(total)") == total)
        }
        #expect(desk.answer(total, .refused(reason: "no")) == .wakes)
        #expect(ask(&desk, "more") == nil)
        desk.close()
        #expect(desk.waiting.isEmpty)
        #expect(desk.answer(1, .granted(confirmationID: "c")) == .none)
    }

    @Test("Time held does not count against the limit, and the lease still ends the attempt")
    func holding() {
        var lifecycle = AttemptLifecycle(now: 0, timeoutSeconds: 10, leaseUntil: 1000, graceSeconds: 5)
        lifecycle.hold(true, now: 4)
        lifecycle.hold(true, now: 6)
        #expect(lifecycle.deadline == 1000)
        #expect(lifecycle.tick(now: 500).isEmpty)
        lifecycle.hold(false, now: 504)
        #expect(lifecycle.deadline == 510)
        #expect(lifecycle.tick(now: 509).isEmpty)
        #expect(lifecycle.tick(now: 510) == [.terminate])
        #expect(lifecycle.cause == .timedOut)
        var lost = AttemptLifecycle(now: 0, timeoutSeconds: 10, leaseUntil: 100, graceSeconds: 5)
        lost.hold(true, now: 4)
        #expect(lost.tick(now: 100) == [.kill])
        #expect(lost.cause == .stopped(.leaseLost))
    }

    @Test(
        "Names that a push may change",
        arguments: [
            ("refs/heads/a", true), ("refs/heads/a/b", true), ("refs/tags/v1.0", true), ("refs/for/main%submit", true),
            ("refs/heads/ü", true), ("heads/a", false), ("refs/heads", false), ("refs/heads/", false),
            ("refs/heads/a..b", false), ("refs/heads/.a", false), ("refs/heads/a.lock", false),
            ("refs/heads/a:b", false), ("refs/heads/*", false), ("refs/heads/a b", false), ("refs/heads/a\nb", false),
            ("refs//a", false), ("refs/heads/a.", false), ("refs/heads/a@{1}", false), ("HEAD", false),
            ("--all", false), ("+refs/heads/a", false), ("refs/heads/a^", false),
        ])
    func references(name: String, isAllowed: Bool) {
        #expect(PushRequest.isReference(name) == isAllowed)
    }

    @Test("A request is read line by line; what is none is refused")
    func requests() throws {
        var request = PushRequest()
        try request.take(Array("shallow \(Self.old)\n".utf8))
        try request.take(Array("\(Self.old) \(Self.new) refs/heads/a\0 report-status side-band-64k atomic\n".utf8))
        try request.take(Array("\(Self.old) \(PushRequest.zero) refs/heads/b".utf8))
        try request.take(Array("\(PushRequest.zero) \(Self.new) refs/heads/c".utf8))
        #expect(request.isAtomic && request.hasBands && request.hasPack)
        #expect(
            request.updates == [
                PushUpdate(reference: "refs/heads/a", old: Self.old, new: Self.new),
                PushUpdate(reference: "refs/heads/b", old: Self.old, new: nil),
                PushUpdate(reference: "refs/heads/c", old: nil, new: Self.new),
            ])
        for bad in [
            "", "x", "\(Self.old) \(Self.new)", "\(Self.old) \(Self.new) --all", "\(Self.old) \(Self.new) refs/heads/a",
            "\(Self.old.dropLast()) \(Self.new) refs/heads/d", "\(Self.old) \(Self.new.uppercased())x refs/heads/d",
            "push-cert\0x",
        ] {
            #expect(throws: PushRefusal.self, "\(bad)") { try request.take(Array(bad.utf8)) }
        }
        let report = String(
            decoding: request.report(unpacked: "ok", refused: ["refs/heads/b": "no\nok x"]), as: UTF8.self)
        #expect(report.contains("ng refs/heads/b no ok x\n") && report.contains("ok refs/heads/a\n"))
    }

    @Test(
        "Only lengths of git's protocol are lengths",
        arguments: ["000g", "0001", "0004", "+010", "fff1", " 010", "-001"])
    func lengths(digits: String) {
        #expect(throws: PushRefusal.self) { try PacketLine.size(Array(digits.utf8)) }
    }

    @Test("A greeting that was cut, or counts wrongly, is none")
    func greetings() {
        func text(_ text: String) -> [UInt8] { GateFrame.number(UInt32(text.utf8.count)) + text.utf8 }
        func list(_ texts: [String]) -> [UInt8] { GateFrame.number(UInt32(texts.count)) + texts.flatMap(text) }
        let whole = [1, 0x43] + text("/workspace") + list(["kubectl", "get"]) + list(["A=b=c"])
        #expect(GateHello(whole)?.words == ["kubectl", "get"])
        #expect(GateHello(whole)?.environment == ["A": "b=c"])
        for count in whole.indices { #expect(GateHello(Array(whole[..<count])) == nil) }
        #expect(GateHello(whole + [0]) == nil)
        #expect(GateHello([1, 0x43] + text("/") + [0xFF, 0xFF, 0xFF, 0xFF]) == nil)
        #expect(GateHello([1, 0x43] + text("/") + list([]) + list([])) == nil)
        #expect(GateHello([1, 0x43] + text("/") + list(["a\0b"]) + list([])) == nil)
        #expect(GateHello([1, 0x43] + text("/") + list(["a"]) + list(["=x"])) == nil)
        #expect(GateHello([2, 0x43] + text("/") + list(["a"]) + list([])) == nil)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            _ = GateHello((0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) })
            var changed = whole
            changed[Int.random(in: changed.indices)] = UInt8.random(in: 0...255)
            _ = GateHello(changed)
        }
    }
}
