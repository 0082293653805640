/// What alerts of the service are about.
public enum SystemAlert {
    /// No sandbox can be made, so that attempts fail or the service does not start.
    public static let sandboxCode = "sandbox_unavailable"

    /// Milliseconds that one alert of a code stands for.
    public static let windowLength: Int64 = 60_000

    /// The minute since 1970 that an alert is about: with its code it makes the id.
    public static func window(of now: Timestamp) -> Int64 { now.milliseconds / windowLength }

    /// That of an instance that does not start, for it could run nothing safely.
    public static func sandboxUnavailable(
        instance: String, reason: String, channels: [String], at now: Timestamp
    ) -> Notification {
        Notification(
            alert: "\(sandboxCode)/\(instance)/\(window(of: now))", title: "No sandbox",
            content: "The instance \(instance) did not start. \(reason)", channels: channels, createdAt: now)
    }
}
