import ArgumentParser
import TaskModel
import Testing

@testable import pandar

@Suite("A request in flags")
struct RequestOptionsTests {
    private func request(_ arguments: [String]) throws -> TaskRequest {
        let command = try #require(try Pandar.parseAsRoot(["submit"] + arguments) as? Submit)
        return try TaskRequest(command.request.object)
    }

    @Test("every flag reaches its field")
    func everyFlag() throws {
        let made = try request([
            "--name", "Audit", "--command", "codex audit", "--project", "7", "--description", "d", "--priority",
            "urgent", "--agent", "codex", "--proxy-agent", "claude", "--policy", "auto_with_gates", "--gate", "g1",
            "--gate", "g2", "--notify", "slack://c", "--timeout", "60", "--retries", "2", "--key", "k", "--at",
            "2027-01-01T00:00:00Z", "--id", "i", "--context", "{\"a\":1}", "--created-by", "42", "--budget-tokens",
            "1000", "--budget-cost", "2.50",
        ])
        #expect(made.name == "Audit")
        #expect(made.command == "codex audit")
        #expect(made.projectID == 7)
        #expect(made.description == "d")
        #expect(made.priority == .urgent)
        #expect(made.metadata.agent == "codex")
        #expect(made.metadata.proxyAgent == "claude")
        #expect(made.metadata.approvalPolicy == .autoWithGates)
        #expect(made.metadata.gates == ["g1", "g2"])
        #expect(made.metadata.notify == ["slack://c"])
        #expect(made.metadata.timeoutSeconds == 60)
        #expect(made.metadata.maxRetries == 2)
        #expect(made.metadata.concurrencyKey == "k")
        #expect(made.scheduledAt == Timestamp("2027-01-01T00:00:00Z"))
        #expect(made.taskID?.text == "i")
        #expect(made.metadata.context == ["a": 1])
        #expect(made.createdBy == .integer(42))
        #expect(made.metadata.budget == TaskBudget(tokens: 1000, costMicros: 2_500_000))
    }

    @Test("what is not given is absent")
    func absent() throws {
        let made = try request(["--name", "a", "--command", "b", "--project", "1"])
        #expect(made.metadata == TaskMetadata())
        #expect(made.taskID == nil)
        #expect(made.createdBy == nil)
    }

    @Test(
        "a value outside the contract's limits is refused",
        arguments: [
            ["--retries", "11"], ["--priority", "top"], ["--budget-tokens", "0"], ["--budget-cost", "0"],
            ["--budget-cost", "two"], ["--budget-cost", "[2]"],
        ])
    func limits(arguments: [String]) {
        #expect(throws: ContractViolation.self) {
            try request(["--name", "a", "--command", "b", "--project", "1"] + arguments)
        }
    }
}
