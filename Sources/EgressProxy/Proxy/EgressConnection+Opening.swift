internal import NIOCore
internal import NIOPosix

/// From the first byte of a request to an open connection to its host.
extension EgressConnection {
    func receivedHead(_ buffer: ByteBuffer) {
        // A client that speaks TLS or SOCKS to us is told at once.
        if collector.isEmpty, let first = buffer.readableBytesView.first, !HeaderFields.isTokenByte(first) {
            return refuse(RequestHead.malformed("this is an HTTP proxy, and these bytes are not HTTP"))
        }
        switch collector.append(buffer.readableBytesView) {
        case .incomplete: break
        case .tooLarge:
            let limit = RequestHead.maximumSize / 1024
            refuse(EgressRefusal(.headTooLarge, nil, "the head of the request is larger than \(limit) KiB"))
        case .complete(let head, let rest):
            early = rest
            do {
                let request = try RequestHead(parsing: head)
                self.request = request
                open(request)
            } catch {
                refuse(error)
            }
        }
    }

    private func open(_ request: RequestHead) {
        guard listener.count() else {
            return refuse(EgressRefusal(.byteLimit, request.target, "the task has moved all the bytes that it may"))
        }
        switch listener.rules.verdict(on: request.target) {
        case .refused(let refusal): return refuse(refusal)
        case .allowed(let requiresTLS): self.requiresTLS = requiresTLS
        }
        phase = .opening
        setDeadline(listener.limits.connectTimeout)
        switch request.target.host {
        case .address(let address): connect(to: [address], request.target)
        case .name(let name):
            listener.lookups.addresses(of: name, on: listener.loop).whenComplete { [self] in
                guard phase == .opening, !ends.client.isInactive else { return }
                resolved($0, request.target)
            }
        }
    }

    /// The addresses that were checked are those that are connected to; the name is not looked at again.
    private func resolved(_ result: Result<[IPAddress], any Error>, _ target: EgressTarget) {
        switch result {
        case .failure(let error):
            refuse(EgressRefusal(.unresolvable, target, "\(target.host) cannot be resolved: \(error)"))
        case .success(let addresses):
            if let refusal = listener.rules.refusal(of: addresses, for: target) { return refuse(refusal) }
            connect(to: addresses[...], target)
        }
    }

    private func connect(to addresses: ArraySlice<IPAddress>, _ target: EgressTarget, last: (any Error)? = nil) {
        guard let address = addresses.first else {
            let cause = last.map { ": \($0)" } ?? ""
            return refuse(EgressRefusal(.unreachable, target, "no address of \(target.host) answers\(cause)"))
        }
        // No address may use up the time of those behind it.
        let share = listener.limits.connectTimeout / min(addresses.count, 3)
        let attempt = listener.loop.makeCompletedFuture {
            try SocketAddress(ipAddress: "\(address)", port: target.port)
        }.flatMap { [self] in bootstrap(TimeAmount(share)).connect(to: $0) }
        attempt.whenComplete { [self] result in
            guard phase == .opening, !ends.client.isInactive else {
                if case .success(let channel) = result { channel.close(promise: nil) }
                return
            }
            switch result {
            case .success(let channel): connected(channel)
            case .failure(let error): connect(to: addresses.dropFirst(), target, last: error)
            }
        }
    }

    private func bootstrap(_ timeout: TimeAmount) -> ClientBootstrap {
        ClientBootstrap(group: listener.loop)
            .connectTimeout(timeout)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            // What a host sent before it closed is read at once, however slow the client is: this bounds it.
            .channelOption(.socketOption(.so_rcvbuf), value: 512 * 1024)
    }

    private func connected(_ channel: any Channel) {
        do {
            try channel.pipeline.syncOperations.addHandler(ChannelSide(.upstream, of: self))
        } catch {
            channel.close(promise: nil)
            return refuse(EgressRefusal(.unreachable, request?.target, "the host closed at once"))
        }
        upstream = channel
        channel.closeFuture.whenComplete { [self] _ in becameInactive(.upstream) }
        guard let request else { return closeAll() }
        switch request.kind {
        case .plain(let head, let framing):
            body = BodyScanner(framing)
            response = ResponseFilter()
            beginRelay(firstBytes: head)
            if let rest = take(early) { forward(rest, to: .upstream) }
            if phase == .relaying { readCompleted(.client) }
        case .connect:
            client.writeAndFlush(
                client.allocator.buffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"), promise: nil)
            if requiresTLS {
                phase = .hello
                setDeadline(listener.limits.headTimeout)
                receivedHello([])
                if phase == .hello { client.read() }
            } else {
                beginRelay(firstBytes: early)
            }
        }
        early = []
    }

    /// Lets the tunnel through when its first message is a ClientHello for the host that was asked for.
    func receivedHello(_ bytes: some Collection<UInt8>) {
        guard let target = request?.target else { return closeAll() }
        early.append(contentsOf: bytes)
        switch ClientHello.read(early) {
        case .incomplete: if ends.client.inputClosed { closeAll() }
        case .notTLS:
            refuse(EgressRefusal(.notTLS, target, "what was sent to \(target) through CONNECT is not TLS"))
        case .malformed(let detail): refuse(EgressRefusal(.malformedClientHello, target, detail))
        case .complete(let hello):
            if let refusal = hello.refusal(for: target) { return refuse(refusal) }
            beginRelay(firstBytes: early)
            early = []
        }
    }
}
