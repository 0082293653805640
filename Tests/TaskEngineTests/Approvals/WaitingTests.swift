import TaskEngine
import TaskModel
import Testing

/// What happens while nobody decides, and what people are told.
@Suite struct WaitingTests {
    /// A manual task whose gate reminds after 60 s and escalates after 120 s.
    private func asked() throws -> EngineDriver {
        try EngineDriver.asked { asked, now in
            TaskModel.Confirmation(
                id: asked.id, gate: asked.gate, action: asked.action, fingerprint: asked.fingerprint,
                requestedAt: asked.requestedAt, expiresAt: asked.expiresAt,
                reminder: .init(at: now.adding(seconds: 60)),
                escalation: .init(at: now.adding(seconds: 120), channels: ["slack://leads"]))
        }
    }

    @Test("reminder and escalation go out once each, at their time, whoever owns the task by then")
    func notices() throws {
        var driver = try asked()
        #expect(driver.wait(milliseconds: 59_999).isEmpty)
        let reminded = driver.wait(milliseconds: 1)
        #expect(reminded.notifications.map(\.kind) == [.confirmationReminder])
        #expect(reminded.published.map(\.state.confirmation?.reminder?.isSent) == [true])
        #expect(driver.takeOver().isEmpty)
        #expect(driver.wait(milliseconds: 59_999).isEmpty)
        let escalated = driver.wait(milliseconds: 1)
        #expect(escalated.notifications.map(\.kind) == [.confirmationEscalated])
        #expect(escalated.notifications[0].channels.contains("slack://leads"))
        #expect(driver.takeOver().isEmpty)
        #expect(driver.wait(seconds: 3479).isEmpty)
        #expect(driver.wait(seconds: 1).status == .cancelled)
    }

    @Test("what was due while nobody owned the task happens at the takeover's first tick, each once")
    func overdue() throws {
        var driver = try asked()
        driver.pass(seconds: 600)
        driver.takeOver()
        let kinds = driver.wait(milliseconds: 1).notifications.map(\.kind)
        #expect(kinds == [.confirmationReminder, .confirmationEscalated])
        #expect(driver.wait(seconds: 10).isEmpty)
    }

    @Test("an expiry that was due is one, without a reminder before it")
    func overdueExpiry() throws {
        var driver = try asked()
        driver.pass(seconds: 3600)
        driver.takeOver()
        let effects = driver.wait(milliseconds: 1)
        #expect(effects.status == .cancelled && effects.notifications.map(\.kind) == [.confirmationExpired])
    }

    @Test("a decided question reminds nobody")
    func decided() throws {
        var driver = try asked()
        let effects = driver.decide(.approve, "t")
        #expect(effects.notifications.map(\.kind) == [.confirmationDecided])
        #expect(effects.notifications[0].content == "manual: approved by bob")
        #expect(driver.wait(seconds: 600).notifications.isEmpty)
    }

    @Test("a rejection is told with its entry of the history, as it stands there")
    func rejected() throws {
        var driver = try asked()
        let effects = driver.decide(.reject, "t")
        let told = try #require(effects.notifications.first { $0.kind == .confirmationDecided })
        #expect(try told.confirmation == driver.state("t").confirmations.last)
    }
}
