import Foundation
import Handoff
import PhiModel
import Testing

@testable import PhiRenderer

@Suite("Transitions", .validated)
struct TransitionTests {
    private func content(
        _ from: String, _ to: String, _ style: Transition.Style, _ progress: Double
    ) throws
        -> FrameContent
    {
        FrameContent(
            scene: try SceneCatalog.index(of: to),
            outgoing: .init(scene: try SceneCatalog.index(of: from), style: style, progress: progress))
    }

    @Test(
        "any two scenes give way to each other, without a word from the validation layer",
        arguments: Transition.Style.allCases)
    func anyTwo(style: Transition.Style) throws {
        let test = try TestRenderer(width: 320, height: 180)
        for from in SceneCatalog.entries {
            for to in SceneCatalog.entries where from.name != to.name {
                let picture = try test.picture(content(from.name, to.name, style, 0.5))
                #expect(picture.isOpaque)
                #expect(picture.colorCount > 100)
            }
        }
    }

    @Test(
        "a transition begins with the old picture, ends with the new one, and only moves forward",
        arguments: Transition.Style.allCases)
    func fromOldToNew(style: Transition.Style) throws {
        let test = try TestRenderer(width: 480, height: 270)
        let old = try test.picture("spectral"), new = try test.picture("matrix")
        var nearer: [Int] = []
        for progress in stride(from: 0.0, through: 1, by: 0.125) {
            let picture = try test.picture(content("spectral", "matrix", style, progress))
            // Shapes are drawn at less than full resolution meanwhile, so that their edges differ.
            nearer.append(picture.difference(new, tolerance: 40))
            if progress == 0 { #expect(picture.difference(old, tolerance: 40) < nearer[0] / 6) }
        }
        #expect(nearer[0] > 50_000 && nearer[8] < nearer[0] / 6, "\(nearer)")
        for (before, after) in zip(nearer, nearer.dropFirst()) { #expect(after <= before + 1_500, "\(nearer)") }
    }

    @Test("halfway through a cross-fade light is half of both")
    func crossFade() throws {
        let test = try TestRenderer(width: 480, height: 270)
        let grid = SpectralGrid(width: 480, height: 270)
        let cell = grid.cell(0)
        let x = cell.x + cell.width / 2, y = cell.y + cell.height / 2
        let old = try test.picture("spectral")[x, y].linear
        let new = try test.picture("breathing")[x, y].linear
        let both = try test.picture(content("spectral", "breathing", .crossFade, 0.5))[x, y].linear
        #expect(abs(both.green - (old.green + new.green) / 2) < 0.01)
        #expect(abs(both.red - (old.red + new.red) / 2) < 0.01)
    }

    @Test("the spiral opens from the middle; a turn of it grows by φ⁴")
    func spiral() {
        let edge = SpiralEdge(width: 1_280, height: 720, progress: 0.6)
        func radius(_ step: Int) -> Double {
            let p = edge.points(step)[0]
            return hypot(p.x, p.y)
        }
        // Where it is not cut off outside of the picture.
        let quarter = SpiralEdge.steps / 4
        #expect(abs(radius(quarter) / radius(0) - GoldenRatio.phi) < 1e-6)
        let closed = SpiralEdge(width: 1_280, height: 720, progress: 0)
        #expect((0...SpiralEdge.steps).allSatisfy { hypot(closed.points($0)[0].x, closed.points($0)[0].y) <= 0.51 })
        let open = SpiralEdge(width: 1_280, height: 720, progress: 1)
        #expect((0...SpiralEdge.steps).allSatisfy { hypot(open.points($0)[0].x, open.points($0)[0].y) > 734 })
    }

    @Test("the director follows wishes: at once, over time, hurried by the next, the newest wins")
    func director() {
        var wishes = RenderWishes(scene: 0, look: Look(), quality: 5)
        var director = PictureDirector(wishes)
        #expect(director.content(wishes, at: 0).outgoing == nil)
        // At once.
        wishes.scene = 1
        wishes.change = 1
        wishes.transition = .none
        let now = director.content(wishes, at: 0.1)
        #expect(now.scene == 1 && now.outgoing == nil)
        // Over a second.
        wishes.scene = 2
        wishes.change = 2
        wishes.transition = Transition(style: .spiral, seconds: 1)
        let first = director.content(wishes, at: 1)
        #expect(first.scene == 2 && first.outgoing?.scene == 1 && first.outgoing?.progress == 0)
        let half = director.content(wishes, at: 1.5)
        #expect(abs((half.outgoing?.progress ?? 0) - 0.5) < 1e-9 && half.outgoing?.style == .spiral)
        // Two more wishes meanwhile: the one under way is hurried, then the newest begins.
        wishes.scene = 4
        wishes.change = 4
        let hurried = director.content(wishes, at: 1.6)
        #expect(hurried.scene == 2 && (hurried.outgoing?.progress ?? 0) > 0.65)
        var time = 1.6
        while director.content(wishes, at: time).scene == 2 {
            time += 1.0 / 60
            #expect(time < 2.2)
        }
        let last = director.content(wishes, at: time)
        #expect(last.scene == 4 && last.outgoing?.scene == 2)
        let over = director.content(wishes, at: time + 1.1)
        #expect(over.scene == 4 && over.outgoing == nil)
    }

    /// What a director shows while the look changes within a scene, halfway.
    private func halfway(from: Look, to: Look, _ style: Transition.Style) -> FrameContent {
        var wishes = RenderWishes(scene: 3, look: from, quality: 5)
        var director = PictureDirector(wishes)
        _ = director.content(wishes, at: 0)
        wishes.look = to
        wishes.change = 1
        wishes.transition = Transition(style: style, seconds: 2)
        _ = director.content(wishes, at: 1)
        return director.content(wishes, at: 2)
    }

    @Test("another look for the same scene is blended without a second picture")
    func look() {
        let half = halfway(from: Look(glow: 0), to: Look(glow: 2), .crossFade)
        #expect(half.outgoing == nil)
        #expect(abs(half.look.glow - 1) < 1e-9)
    }

    @Test("where labels come or go, or the change is no cross-fade, the same scene has two pictures")
    func lookWithSecondPicture() {
        for (to, style) in [(Look(hasLabels: false), Transition.Style.crossFade), (Look(glow: 2), .spiral)] {
            let half = halfway(from: Look(), to: to, style)
            #expect(half.look == to && half.outgoing?.look == Look())
            #expect(half.outgoing?.scene == half.scene && half.outgoing?.style == style)
            #expect(half.outgoing.map { abs($0.progress - 0.5) < 1e-9 } == true)
        }
    }

    @Test("labels that come and go within a scene make no picture jump", arguments: ["topology", "matrix", "field"])
    func labelsFade(scene: String) throws {
        let test = try TestRenderer(width: 480, height: 270)
        let index = try SceneCatalog.index(of: scene)
        /// The most pixels that change visibly from one frame to the next of 24.
        func mostChanged(from: (scene: Int, look: Look), to: (scene: Int, look: Look)) throws -> Int {
            var wishes = RenderWishes(scene: from.scene, look: from.look, quality: 5)
            var director = PictureDirector(wishes)
            _ = director.content(wishes, at: 0)
            (wishes.scene, wishes.look, wishes.change) = (to.scene, to.look, 1)
            wishes.transition = Transition(style: .crossFade, seconds: 1)
            var most = 0, last: Picture?
            for frame in 0...24 {
                let picture = try test.picture(director.content(wishes, at: 1 + Double(frame) / 24.001))
                if let last { most = max(most, picture.difference(last, tolerance: 40)) }
                last = picture
            }
            return most
        }
        let usual = try mostChanged(from: (0, Look()), to: (index, Look()))
        let labels = try mostChanged(from: (index, Look()), to: (index, Look(hasLabels: false)))
        #expect(labels <= usual + 50, "\(labels) pixels jump; between two scenes \(usual)")
    }
}
