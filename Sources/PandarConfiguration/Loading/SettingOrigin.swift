/// Where a value came from.
public enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    /// A flag, by its name (`--http`).
    case flag(String)
    /// The environment, by the variable's name.
    case environment(String)
    /// The file, by its path.
    case file(String)
    case `default`

    public var description: String {
        switch self {
        case .flag(let name): "flag \(name)"
        case .environment(let name): "environment \(name)"
        case .file(let path): "file \(path)"
        case .default: "default"
        }
    }
}
