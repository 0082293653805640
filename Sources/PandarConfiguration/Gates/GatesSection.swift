public import Gates

/// Where a human must decide.
public struct GatesSection: Sendable {
    /// The file of gates; empty for the three that ship.
    public var file = ""
    /// Seconds after which a task that waits for an answer gives its slot free.
    public var parkAfterSeconds = 60

    /// The gates that these settings give.
    ///
    /// - Throws: what is wrong with the file.
    public func catalog() throws(ConfigurationError) -> GateCatalog {
        file.isEmpty ? .builtIn : try GatesFile.load(path: file)
    }
}
