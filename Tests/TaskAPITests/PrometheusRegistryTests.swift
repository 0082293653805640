import CoreMetrics
import Testing

@testable import TaskAPI

@Suite("The Prometheus registry")
struct PrometheusRegistryTests {
    private let registry = PrometheusRegistry()

    private func scrape() throws -> ExpositionParser { try ExpositionParser(registry.exposition()) }

    @Test("counters of swift-metrics add up by their dimensions")
    func counters() throws {
        let completed = Counter(
            label: "pandar_attempts_total", dimensions: [("outcome", "completed")], factory: registry)
        completed.increment()
        completed.increment(by: 4)
        Counter(label: "pandar_attempts_total", dimensions: [("outcome", "failed")], factory: registry).increment()
        let page = try scrape()
        #expect(page.value("pandar_attempts_total", ["outcome": "completed"]) == "5")
        #expect(page.value("pandar_attempts_total", ["outcome": "failed"]) == "1")
        #expect(page.types["pandar_attempts_total"] == "counter")
        #expect(page.help["pandar_attempts_total"] == ServiceMetrics.help["pandar_attempts_total"])
    }

    @Test("a timer becomes a histogram of seconds whose buckets hold all values at or below their bound")
    func timer() throws {
        let timer = Timer(label: "pandar_commit_duration_seconds", factory: registry)
        for milliseconds in [1, 2, 30, 7_200_000] { timer.recordMilliseconds(milliseconds) }
        let page = try scrape()
        #expect(page.types["pandar_commit_duration_seconds"] == "histogram")
        #expect(page.value("pandar_commit_duration_seconds_bucket", ["le": "0.001"]) == "1")
        #expect(page.value("pandar_commit_duration_seconds_bucket", ["le": "0.0025"]) == "2")
        #expect(page.value("pandar_commit_duration_seconds_bucket", ["le": "0.05"]) == "3")
        #expect(page.value("pandar_commit_duration_seconds_bucket", ["le": "3600"]) == "3")
        #expect(page.value("pandar_commit_duration_seconds_bucket", ["le": "+Inf"]) == "4")
        #expect(page.value("pandar_commit_duration_seconds_count") == "4")
        #expect(page.value("pandar_commit_duration_seconds_sum") == "7200.033")
    }

    @Test("meters, recorders and fractional counters of swift-metrics are shown with the right kind")
    func otherHandlers() throws {
        let meter = Meter(label: "temperature", factory: registry)
        meter.set(20)
        meter.increment(by: 1.5)
        meter.decrement()
        Gauge(label: "level", factory: registry).record(7)
        Recorder(label: "sizes", factory: registry).record(30)
        FloatingPointCounter(label: "spent_total", factory: registry).increment(by: 0.25)
        let page = try scrape()
        #expect(page.value("temperature") == "20.5")
        #expect(page.value("level") == "7")
        #expect(page.value("sizes_bucket", ["le": "50"]) == "1")
        #expect(page.value("sizes_bucket", ["le": "25"]) == "0")
        #expect(page.value("spent_total") == "0.25")
        #expect(page.types["temperature"] == "gauge")
        #expect(page.types["spent_total"] == "counter")
    }

    @Test("a gauge by closure is read at each scrape, and left out while it has no value")
    func closureGauge() throws {
        let source = GaugeSeries()
        source.set(3.0)
        registry.gauge("pandar_queue_depth", labels: ["priority": "urgent"]) { source.value }
        registry.gauge("pandar_oldest_unfinished_task_seconds") { nil }
        #expect(try scrape().value("pandar_queue_depth", ["priority": "urgent"]) == "3")
        source.set(4.0)
        let page = try scrape()
        #expect(page.value("pandar_queue_depth", ["priority": "urgent"]) == "4")
        #expect(page.value("pandar_oldest_unfinished_task_seconds") == nil)
    }

    @Test("a second closure for the same labels replaces the first")
    func closureReplaced() throws {
        registry.gauge("pandar_tasks_running") { 1 }
        registry.gauge("pandar_tasks_running") { 2 }
        #expect(try scrape().value("pandar_tasks_running") == "2")
    }

    @Test("a changing set of gauges is shown sorted by its label")
    func closureFamily() throws {
        registry.gauges("pandar_consumer_lag", by: "partition") { ["1": 10, "0": 5, "10": 0] }
        let lines = registry.exposition().split(separator: "\n").filter { $0.hasPrefix("pandar_consumer_lag") }
        #expect(
            lines == [
                #"pandar_consumer_lag{partition="0"} 5"#, #"pandar_consumer_lag{partition="1"} 10"#,
                #"pandar_consumer_lag{partition="10"} 0"#,
            ])
    }

    @Test("counters and summaries that are kept elsewhere are read at each scrape")
    func closureCounters() throws {
        registry.counters("pandar_dead_letters_total", by: "reason") { ["invalid_json": 2, "tombstone": 1] }
        registry.counter("pandar_rebalances_total") { 7 }
        registry.summary("pandar_commit_duration_seconds") { (count: 4, sum: 0.5) }
        let page = try scrape()
        #expect(page.types["pandar_dead_letters_total"] == "counter")
        #expect(page.value("pandar_dead_letters_total", ["reason": "invalid_json"]) == "2")
        #expect(page.value("pandar_rebalances_total") == "7")
        #expect(page.types["pandar_commit_duration_seconds"] == "summary")
        #expect(page.value("pandar_commit_duration_seconds_count") == "4")
        #expect(page.value("pandar_commit_duration_seconds_sum") == "0.5")
    }

    @Test("label values and help with quotes, backslashes and line ends are escaped")
    func escaping() throws {
        let hostile = "a\"b\\c\nd} 1\nfake 2"
        registry.counter("pandar_dead_letters_total", help: "first\nsecond \\ third", labels: ["reason": hostile]).add(
            1)
        let page = try scrape()
        #expect(page.value("pandar_dead_letters_total", ["reason": hostile]) == "1")
        #expect(page.value("fake") == nil)
    }

    @Test("names that Prometheus does not accept are made acceptable")
    func names() throws {
        registry.counter("hb.requests-total", labels: ["http.method": "GET", "1st": "x", "le": "y", "__name__": "z"])
            .add(1)
        registry.gauge("0day").set(1.0)
        let page = try scrape()
        let labels = ["http_method": "GET", "_1st": "x", "exported_le": "y", "exported___name__": "z"]
        #expect(page.value("hb_requests_total", labels) == "1")
        #expect(page.value("_0day") == "1")
    }

    @Test("the order of labels makes no second series")
    func labelOrder() throws {
        registry.counter("c_total", labels: ["a": "1", "b": "2"]).add(1)
        registry.counter("c_total", labels: ["b": "2", "a": "1"]).add(1)
        #expect(try scrape().value("c_total", ["a": "1", "b": "2"]) == "2")
    }

    @Test("the page is the same whatever the order in which the metrics came")
    func deterministic() {
        let names = (0..<50).map { "m\($0)_total" }
        let pages = [names, names.reversed()].map { names in
            let registry = PrometheusRegistry()
            for name in names { registry.counter(name, labels: ["x": name]).add(1) }
            return registry.exposition()
        }
        #expect(pages[0] == pages[1])
    }

    @Test("a metric of two kinds keeps the first, and the second is counted as refused")
    func kinds() throws {
        registry.counter("x").add(1)
        registry.gauge("x", labels: ["a": "b"]).set(5.0)
        let page = try scrape()
        #expect(page.types["x"] == "counter")
        #expect(page.samples.filter { $0.name == "x" }.count == 1)
        #expect(page.value("pandar_metrics_refused_total") == "1")
    }

    @Test("an id that became a label cannot fill the memory")
    func seriesLimit() throws {
        for id in 0..<PrometheusRegistry.maximumSeries + 5 {
            registry.counter("x_total", labels: ["id": "\(id)"]).add(1)
        }
        let page = try scrape()
        #expect(page.samples.filter { $0.name == "x_total" }.count == PrometheusRegistry.maximumSeries)
        #expect(page.value("pandar_metrics_refused_total") == "5")
    }

    @Test("a destroyed metric is gone from the page")
    func destroyed() throws {
        let counter = Counter(label: "x_total", factory: registry)
        counter.increment()
        counter.destroy()
        #expect(try scrape().value("x_total") == nil)
    }

    @Test("numbers at the ends are written as Prometheus reads them")
    func numbers() {
        #expect(ExpositionWriter.number(.infinity) == "+Inf")
        #expect(ExpositionWriter.number(-.infinity) == "-Inf")
        #expect(ExpositionWriter.number(.nan) == "NaN")
        #expect(ExpositionWriter.number(1e9) == "1000000000")
        #expect(ExpositionWriter.number(0.1) == "0.1")
    }

    @Test("increments from many tasks at once all count")
    func concurrent() async throws {
        let counter = registry.counter("x_total")
        let gauge = registry.gauge("y")
        let histogram = registry.histogram("z")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        counter.add(1)
                        gauge.add(0.5)
                        histogram.observe(1)
                    }
                }
            }
        }
        let page = try scrape()
        #expect(page.value("x_total") == "8000")
        #expect(page.value("y") == "4000")
        #expect(page.value("z_count") == "8000")
        #expect(page.value("z_sum") == "8000")
    }

    @Test("counters of one name with other fixed labels stand beside each other")
    func fixedLabels() throws {
        let registry = PrometheusRegistry()
        for kind in ["input", "output"] {
            registry.counters("pandar_agent_tokens_total", labels: ["kind": kind], by: "agent") {
                ["codex": kind == "input" ? 5 : 2, "claude": 1]
            }
        }
        let lines = registry.exposition().split(separator: "\n").filter { $0.hasPrefix("pandar_agent") }
        #expect(
            Set(lines) == [
                "pandar_agent_tokens_total{agent=\"claude\",kind=\"input\"} 1",
                "pandar_agent_tokens_total{agent=\"codex\",kind=\"input\"} 5",
                "pandar_agent_tokens_total{agent=\"claude\",kind=\"output\"} 1",
                "pandar_agent_tokens_total{agent=\"codex\",kind=\"output\"} 2",
            ])
    }
}
