#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Finds the addresses of a name. It may block; the proxy calls it on threads of its own, once for each connection.
public protocol HostResolver: Sendable {
    /// All addresses, in the order in which they are to be tried.
    func addresses(of name: String) throws -> [IPAddress]
}

/// The resolver of the system (`getaddrinfo`): hosts file, DNS, whatever the machine is set up for.
public struct SystemResolver: HostResolver {
    public init() {}

    /// A name that could not be resolved.
    public struct Failure: Error, CustomStringConvertible {
        let code: Int32
        public var description: String { String(cString: gai_strerror(code)) }
    }

    public func addresses(of name: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else { throw Failure(code: code) }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next {
            if let address = Self.address(entry.pointee), !found.contains(address) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let storage = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        // By offset: the fields of sockaddr_in and sockaddr_in6 are seen through a module of swift-nio's or of the system's,
        // depending on which file is compiled first.
        case AF_INET: return .v4(UInt32(bigEndian: storage.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        case AF_INET6:
            let high = UInt64(bigEndian: storage.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let low = UInt64(bigEndian: storage.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            return IPAddress(halves: high, low)
        default: return nil
        }
    }
}
