/// What git would use in a repository, gathered by somebody who may look. Everything about remotes, branches, pushing
/// and aliases stands in `configuration`, as `git config --list` has it.
public struct RepositoryFacts: Hashable, Sendable {
    /// One line of the configuration.
    public struct Entry: Hashable, Sendable {
        /// `remote.origin.url`.
        public let key: String
        /// `nil` for a name without `=`, which is true.
        public let value: String?

        public init(_ key: String, _ value: String?) {
            self.key = key
            self.value = value
        }
    }

    /// One local reference.
    public struct Reference: Hashable, Sendable, ExpressibleByStringLiteral {
        /// Whole (`refs/heads/main`).
        public let name: String
        /// The reference that it stands for, where it is a symbolic one: pushing it pushes to that name.
        public let target: String?

        public init(_ name: String, target: String? = nil) {
            self.name = name
            self.target = target
        }

        public init(stringLiteral name: String) { self.init(name) }
    }

    /// All values in force, later ones last, as `git config --list -z --includes` prints them.
    public var configuration: [Entry]
    /// The branch that is checked out, without `refs/heads/`; `nil` where HEAD is detached.
    public var currentBranch: String?
    /// All local references but HEAD; `nil` where nobody has looked. As `git for-each-ref --format='%(refname)
    /// %(symref)'` prints them.
    public var references: [Reference]?
    /// The options of git that say where (`-C x`, `--git-dir=x`), with which this was gathered. A command with others
    /// is about another repository, and this says nothing about it.
    public var location: [String]

    public init(
        configuration: [Entry] = [], currentBranch: String? = nil, references: [Reference]? = nil,
        location: [String] = []
    ) {
        self.configuration = configuration
        self.currentBranch = currentBranch
        self.references = references
        self.location = location
    }

    /// From the output of `git config --list -z --includes`: `KEY\nVALUE\0` for each.
    public init(
        configurationListing bytes: [UInt8], currentBranch: String?, references: [Reference]?,
        location: [String] = []
    ) {
        let entries = bytes.split(separator: 0).map { line -> Entry in
            let key = line.prefix { $0 != UInt8(ascii: "\n") }
            let hasValue = key.endIndex < line.endIndex
            return Entry(
                String(decoding: key, as: UTF8.self),
                hasValue ? String(decoding: line[(key.endIndex + 1)...], as: UTF8.self) : nil)
        }
        self.init(
            configuration: entries, currentBranch: currentBranch, references: references, location: location)
    }
}
