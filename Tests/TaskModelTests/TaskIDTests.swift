import TaskModel
import Testing

@Suite struct TaskIDTests {
    @Test("derived ids are the UUIDv5 that other languages compute")
    func derived() {
        let first = TaskID.derived(topic: "pandar.task-requests", partition: 3, offset: 42, counter: 0)
        let second = TaskID.derived(topic: "pandar.task-requests", partition: 3, offset: 42, counter: 1)
        #expect(first.text == "dfdd9ce7-2887-54e3-b367-b7eb94b2ea63")
        #expect(second.text == "3dc65ee2-1c43-5be9-a8dc-764ea6e660e7")
    }

    @Test("1 to 128 allowed characters are an id")
    func limits() {
        #expect(TaskID("") == nil)
        #expect(TaskID("aZ09._:-") != nil)
        #expect(TaskID(String(repeating: "a", count: 128)) != nil)
        #expect(TaskID(String(repeating: "a", count: 129)) == nil)
        for character in ["/", " ", "\0", "ä", "\n", "+", "@", "`"] { #expect(TaskID("a" + character) == nil) }
    }
}
