internal import NIOCore

/// Bytes both ways. A side is read only while the other one takes what was read, so a slow one costs a buffer or two.
extension EgressConnection {
    func received(_ buffer: ByteBuffer, from side: Side) {
        lastActivity = .now()
        switch (phase, side) {
        case (.head, .client): receivedHead(buffer)
        case (.opening, .client): early.append(contentsOf: buffer.readableBytesView)
        case (.hello, .client): receivedHello(buffer.readableBytesView)
        case (.relaying, .client): if let wanted = take(buffer) { forward(wanted, to: .upstream) }
        case (.relaying, .upstream): if let wanted = filtered(buffer) { forward(wanted, to: .client) }
        case (.finishing, .client):
            discarded += buffer.readableBytes
            if discarded > 16 * 1024 * 1024 { closeAll() }
        case (_, .upstream): break
        }
    }

    func readCompleted(_ side: Side) {
        switch (phase, side) {
        case (.head, .client), (.hello, .client), (.finishing, .client): client.read()
        case (.relaying, .client):
            upstream?.flush()
            // Nothing but the end of the connection may follow the one request of a plain exchange.
            requestRead(.client)
        case (.relaying, .upstream):
            client.flush()
            requestRead(.upstream)
        default: break
        }
    }

    func writabilityChanged(_ side: Side) {
        guard phase == .relaying, channel(side)?.isWritable == true else { return }
        switch side {
        case .client: if ends.upstream.wantsRead { requestRead(.upstream) }
        case .upstream: if ends.client.wantsRead { requestRead(.client) }
        }
    }

    private func requestRead(_ side: Side) {
        switch side {
        case .client:
            ends.client.wantsRead = upstream?.isWritable != true
            if !ends.client.wantsRead { client.read() }
        case .upstream:
            ends.upstream.wantsRead = !client.isWritable
            if !ends.upstream.wantsRead { upstream?.read() }
        }
    }

    func beginRelay(firstBytes: [UInt8]) {
        phase = .relaying
        isAllowed = true
        listener.allowed()
        setDeadline(listener.limits.idleTimeout)
        forward(client.allocator.buffer(bytes: firstBytes), to: .upstream)
        upstream?.flush()
        requestRead(.upstream)
        requestRead(.client)
        if ends.client.inputClosed { endOutput(of: .upstream) }
    }

    func forward(_ buffer: ByteBuffer, to side: Side) {
        let count = buffer.readableBytes
        guard count > 0, !isAborted else { return }
        let mayGoOn = side == .upstream ? listener.count(up: count) : listener.count(down: count)
        guard mayGoOn else {
            listener.refused(EgressRefusal(.byteLimit, request?.target, "the task has moved all the bytes that it may"))
            return closeAll()
        }
        switch side {
        case .upstream: bytesUp += UInt64(count)
        case .client: bytesDown += UInt64(count)
        }
        channel(side)?.write(buffer, promise: nil)
    }

    func take(_ bytes: [UInt8]) -> ByteBuffer? { bytes.isEmpty ? nil : take(client.allocator.buffer(bytes: bytes)) }

    /// What of the client's bytes belongs to its request: all of a tunnel, and of a plain exchange the one body.
    private func take(_ buffer: ByteBuffer) -> ByteBuffer? {
        guard var scanner = body else { return buffer }
        let wasComplete = scanner.isComplete
        let progress = scanner.consume(buffer.readableBytesView)
        body = scanner
        switch progress {
        case .all: return buffer
        case .malformed:
            listener.refused(
                EgressRefusal(.ambiguousFraming, request?.target, "the body is not chunked as RFC 9112 has it"))
            closeAll()
            return nil
        case .ends(let count):
            guard count < buffer.readableBytes else { return buffer }
            // The answer to the first request still goes to the client.
            if discarded == 0 {
                listener.refused(
                    EgressRefusal(.secondRequest, request?.target, "bytes follow the one request of a connection"))
            }
            discarded += buffer.readableBytes - count
            if discarded > 16 * 1024 * 1024 { closeAll() }
            return wasComplete ? nil : buffer.getSlice(at: buffer.readerIndex, length: count)
        }
    }

    private func filtered(_ buffer: ByteBuffer) -> ByteBuffer? {
        guard var filter = response, !filter.isOpen else { return buffer }
        guard let bytes = filter.pass(buffer.readableBytesView) else {
            refuse(EgressRefusal(.malformedResponse, request?.target, "the host's answer is not HTTP/1"))
            return nil
        }
        response = filter
        return client.allocator.buffer(bytes: bytes)
    }
}

/// Ends.
extension EgressConnection {
    func inputClosed(_ side: Side) {
        switch side {
        case .client: ends.client.inputClosed = true
        case .upstream: ends.upstream.inputClosed = true
        }
        switch (phase, side) {
        case (.head, .client), (.hello, _), (.finishing, .client): closeAll()
        case (.relaying, .client): endOutput(of: .upstream)
        // The end of a plain response is the end of the exchange.
        case (.relaying, .upstream): if body != nil { endExchange() } else { endOutput(of: .client) }
        case (.opening, _), (.finishing, .upstream), (.head, .upstream): break
        }
    }

    /// Shuts one direction when all of it has been written, and the connection with the second one.
    private func endOutput(of side: Side) {
        guard let channel = channel(side) else { return }
        channel.writeAndFlush(channel.allocator.buffer(capacity: 0)).whenComplete { [self] _ in
            switch side {
            case .client: ends.client.outputClosed = true
            case .upstream: ends.upstream.outputClosed = true
            }
            if ends.client.outputClosed && ends.upstream.outputClosed { return closeAll() }
            channel.close(mode: .output, promise: nil)
        }
    }

    func flushAndClose(_ channel: any Channel) {
        channel.writeAndFlush(channel.allocator.buffer(capacity: 0)).whenComplete { _ in channel.close(promise: nil) }
    }

    /// The host is done: so is the client, unless it got no answer to a plain request.
    func endExchange() {
        if response?.isOpen != false { return finish() }
        refuse(EgressRefusal(.malformedResponse, request?.target, "the host closed the connection without an answer"))
    }

    /// Lets the client read to the end: a socket that is closed with unread bytes in it loses what it was sent.
    func finish() {
        phase = .finishing
        upstream?.close(promise: nil)
        setDeadline(listener.limits.idleTimeout)
        client.writeAndFlush(client.allocator.buffer(capacity: 0)).whenComplete { [self] _ in
            if ends.client.inputClosed { return closeAll() }
            setDeadline(listener.limits.lingerTimeout)
            client.close(mode: .output, promise: nil)
            client.read()
        }
    }

    /// Reports a refusal and answers the client in the way that it can read at this point.
    func refuse(_ refusal: EgressRefusal) {
        guard phase != .finishing else { return }
        listener.refused(refusal)
        let hasAnswer = response?.isOpen == true
        let isHello = phase == .hello
        if !isHello && !hasAnswer {
            client.write(client.allocator.buffer(bytes: refusal.response), promise: nil)
        } else if isHello, early.first == 22 {
            // A fatal alert, unrecognized_name (RFC 6066): the client's error says what is wrong.
            client.write(client.allocator.buffer(bytes: [21, 3, 3, 0, 2, 2, 112]), promise: nil)
        } else if isHello, let first = early.first, (0x41...0x5A).contains(first) {
            // Plain HTTP in a tunnel: its client reads this as the host's answer.
            client.write(client.allocator.buffer(bytes: refusal.response), promise: nil)
        }
        finish()
    }
}
