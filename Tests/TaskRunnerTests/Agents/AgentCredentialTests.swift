import Agents
import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("Credentials of agents", .serialized)
struct AgentCredentialTests {
    private static let tell = """
        print("ours", os.environ.get("MIMIC_SERVICE_KEY"), os.environ.get("MIMIC_PROJECT_KEY"), flush=True)
        print(json.dumps({name: len(os.environ[name]) for name in sorted(os.environ) if name.startswith("MIMIC_")}), flush=True)
        ours = [name for name in os.environ if name.startswith("MIMIC_")]
        print("in order:", [name for name in ours if os.environ[name] in json.dumps(order)])
        tell("plan", plan=[{"step": "use " + os.environ["MIMIC_SERVICE_KEY"], "status": "pending"}])
        tell("retrying", reason="401 for " + os.environ["MIMIC_PROJECT_KEY"])
        fail("credentials", "final", "the key " + os.environ["MIMIC_SERVICE_KEY"] + " is wrong", 77)
        """

    @Test(
        "reach the program from the service's environment and the project's secrets, and nobody sees them",
        arguments: AgentFixture.Walls.allCases)
    func masked(walls: AgentFixture.Walls) async throws {
        setenv("MIMIC_SERVICE_KEY", "service-key-4711", 1)
        setenv("MIMIC_PROJECT_KEY", "not this one", 1)
        defer { for name in ["MIMIC_SERVICE_KEY", "MIMIC_PROJECT_KEY"] { unsetenv(name) } }
        let secrets = try Place()
        let project = Project(
            id: 1, name: "test",
            secrets: [
                ProjectSecret(
                    name: "MIMIC_PROJECT_KEY", source: .file(try secrets.write("key", "project-key-0815", mode: 0o600)))
            ])
        let fixture = try AgentFixture(
            walls, driver: Self.tell, project: project,
            credentials: ["MIMIC_SERVICE_KEY", "MIMIC_PROJECT_KEY", "MIMIC_ABSENT_KEY"])
        let report = try await fixture.run()
        #expect(fixture.output().hasPrefix("ours *** ***\n"), "\(fixture.output(1, .stderr))")
        #expect(fixture.output().contains("{\"MIMIC_PROJECT_KEY\": 16, \"MIMIC_SERVICE_KEY\": 16}"))
        #expect(fixture.output().contains("in order: []"))
        #expect(report.result.error == "mimic: the key *** is wrong")
        #expect(report.agent?.plan.map(\.step) == ["use ***"])
        #expect(fixture.events.compactMap(\.agentEvent).map(\.text).allSatisfy { $0.contains("***") })
        let told = String(describing: fixture.reports) + String(describing: fixture.events)
        #expect(!told.contains("service-key-4711") && !told.contains("project-key-0815"))
    }

    @Test("of another agent are not handed on")
    func others() async throws {
        setenv("MIMIC_SERVICE_KEY", "service-key-4711", 1)
        defer { unsetenv("MIMIC_SERVICE_KEY") }
        let fixture = try AgentFixture(.sandbox, driver: "print(os.environ.get('MIMIC_SERVICE_KEY'))")
        _ = try await fixture.run()
        #expect(fixture.output() == "None\n")
    }

    @Test("hosts of agents are reached only as far as the request lets them be")
    func hosts() throws {
        let catalog = SandboxCatalog(profiles: [
            SandboxProfile(network: ["a.example:443"]), SandboxProfile(name: "closed"),
            SandboxProfile(name: "other", network: ["model.example:443"]),
        ])
        func network(_ demand: JSONObject?, project: String? = nil, agentProfile: String? = nil) throws -> [String] {
            try catalog.profile(
                project: project, agent: "mimic", agentProfile: agentProfile, hosts: ["model.example:443"],
                demand: try demand.map { try SandboxDemand($0) }
            ).network
        }
        #expect(try network(nil) == ["a.example:443", "model.example:443"])
        #expect(try network(nil, project: "closed") == ["model.example:443"])
        #expect(try network(nil, agentProfile: "other") == ["model.example:443"])
        #expect(try network(nil, project: "closed", agentProfile: "other") == ["model.example:443"])
        let closed = JSONObject([.init(name: "profile", value: "closed")])
        #expect(try network(closed) == [])
        let other = JSONObject([.init(name: "profile", value: "other")])
        #expect(try network(other) == ["model.example:443"])
    }
}
