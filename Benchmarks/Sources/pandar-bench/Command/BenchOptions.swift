import ArgumentParser
import TaskService

/// What benchmarks share of the command line.
struct BenchOptions: ParsableArguments {
    @Flag(help: "A tenth of the tasks and a third of the time: shows that all of it works, not how fast.")
    var quick = false

    @Option(help: "HOST:PORT of a Kafka cluster; without it each measurement gets an embedded broker of its own.")
    var bootstrap: String?

    @Option(help: "exactly_once or at_least_once. Default: the first on a cluster, the second on the embedded broker.")
    var delivery: Delivery?

    @Option(help: "Tasks in the cache when its latencies are taken (1000000).")
    var tasks: Int?

    @Option(help: "Pending tasks when the memory is taken (100000).")
    var pending: Int?

    @Option(help: "A folder for files of the run; it needs about 4 GB for a million tasks.")
    var scratch = "/tmp"

    @Option(help: "The first process of a sandbox, as the release configuration builds it.")
    var initProgram = ".build/release/pandar-init"

    func validate() throws {
        if bootstrap == nil, delivery == .exactlyOnce {
            throw ValidationError("The embedded broker has no transactions; exactly_once needs --bootstrap.")
        }
    }

    var taskCount: Int { tasks ?? (quick ? 100_000 : 1_000_000) }
    var pendingCount: Int { pending ?? (quick ? 10_000 : 100_000) }

    /// How long a rate is taken.
    var seconds: Double { quick ? 3 : 10 }

    var guarantee: DeliveryGuarantee {
        switch delivery {
        case .exactlyOnce: .exactlyOnce
        case .atLeastOnce: .atLeastOnce
        case nil: bootstrap == nil ? .atLeastOnce : .exactlyOnce
        }
    }
}

/// The guarantees by the names of the configuration.
enum Delivery: String, ExpressibleByArgument, CaseIterable {
    case exactlyOnce = "exactly_once"
    case atLeastOnce = "at_least_once"
}
