import TaskModel
import Testing

@Suite struct RandomLifeTests {
    @Test(
        "whatever happens, in any order, the laws hold, and in the end every task ends",
        arguments: UInt64(1)...10, [false, true])
    func laws(seed: UInt64, afterEcho: Bool) {
        var life = RandomLife(seed: seed, afterEcho: afterEcho)
        var step = 0
        while step < 3000, life.laws.breach == nil {
            life.step()
            step += 1
        }
        #expect(life.laws.breach == nil, "seed \(seed), step \(step)")
        life.settle()
        #expect(life.laws.breach == nil, "seed \(seed), settling")
        #expect(life.laws.published > 2000)
    }

    @Test("the same seed is the same life")
    func deterministic() {
        var lives = [RandomLife(seed: 9, afterEcho: true), RandomLife(seed: 9, afterEcho: true)]
        for index in lives.indices { for _ in 0..<1000 { lives[index].step() } }
        #expect(lives[0].laws.latest == lives[1].laws.latest)
    }
}
