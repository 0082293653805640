import Agents
import Testing

@Suite("The splitter of lines")
struct LineSplitterTests {
    @Test("tells frames from plain output, and leaves empty lines out")
    func kinds() {
        var splitter = LineSplitter()
        let lines = splitter.receive(Array("{\"a\":1}\r\n\nstarting…\n{".utf8))
        #expect(lines == [.frame(Array("{\"a\":1}".utf8)), .plain("starting…")])
        #expect(splitter.finish() == .frame([UInt8(ascii: "{")]))
        #expect(splitter.finish() == nil)
    }

    @Test("keeps a line of several MiB, and drops one beyond the limit but not what follows")
    func long() {
        let long = [UInt8(ascii: "{")] + [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
        var splitter = LineSplitter(limit: 4 << 20)
        #expect(splitter.receive(long + [10]) == [.frame(long)])
        #expect(splitter.receive(long).isEmpty)
        #expect(splitter.receive(long + Array("\nok\n".utf8)) == [.dropped(2 * long.count), .plain("ok")])
    }

    @Test("tolerates what is not UTF-8")
    func notUTF8() {
        var splitter = LineSplitter()
        #expect(splitter.receive([0xFF, 0x41, 10]) == [.plain("\u{FFFD}A")])
    }
}
