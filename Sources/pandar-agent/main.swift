internal import Agents
internal import Glibc

// pandar-agent ORDER.json: runs one attempt of one agent. See docs/agents.md.

func complain(_ text: String) {
    Descriptor.writeAll(STDERR_FILENO, Array("pandar-agent: \(text)\n".utf8))
}

guard CommandLine.arguments.count == 2, let bytes = Descriptor.readFile(CommandLine.arguments[1]) else {
    complain("give it the path of an order that can be read")
    exit(EX_USAGE)
}
do {
    let order = try AgentOrder(json: bytes)
    let driver = Driver(order)
    let result = driver.run()
    driver.leave(result)
} catch {
    complain("\(error)")
    exit(EX_USAGE)
}
