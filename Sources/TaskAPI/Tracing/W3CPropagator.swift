public import Instrumentation
public import Logging

/// Carries the W3C trace context from what comes in to what goes out. It records no spans: a tracer that does takes its
/// place in `InstrumentationSystem`.
public struct W3CPropagator: Instrument {
    public init() {}

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: "traceparent", from: carrier) else { return }
        context.trace = TraceContext(
            traceparent: parent, state: extractor.extract(key: "tracestate", from: carrier))
    }

    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.traceparent, forKey: "traceparent", into: &carrier)
        if let state = trace.state { injector.inject(state, forKey: "tracestate", into: &carrier) }
    }

    /// Adds `trace_id` to the log lines of whatever runs in a trace.
    public static let logMetadata = Logger.MetadataProvider {
        InstrumentationContext.current?.trace.map { ["trace_id": "\($0.traceID)"] } ?? [:]
    }
}

extension InstrumentationContext {
    private enum Key: InstrumentationContextKey {
        typealias Value = TraceContext
        static let nameOverride: String? = "w3c-trace-context"
    }

    /// The trace that the work at hand belongs to.
    public var trace: TraceContext? {
        get { self[Key.self] }
        set { self[Key.self] = newValue }
    }
}
