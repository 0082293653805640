internal import NIOCore

/// Tells a connection what happens on one of its two channels.
final class ChannelSide: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let side: EgressConnection.Side
    private let connection: EgressConnection

    init(_ side: EgressConnection.Side, of connection: EgressConnection) {
        self.side = side
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) {
        if side == .client { connection.start() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.received(unwrapInboundIn(data), from: side)
    }

    func channelReadComplete(context: ChannelHandlerContext) { connection.readCompleted(side) }

    func channelWritabilityChanged(context: ChannelHandlerContext) { connection.writabilityChanged(side) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { connection.inputClosed(side) }
    }

    // The connection acts when the channel is closed; its close future tells it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
