import PhiDisplay
import PhiModel
import PhiRenderer
import ServiceLifecycle

/// Does what the person at the window wants. Ends, and with it the program, when the window is closed.
struct WindowService: Service {
    let wishes: AsyncStream<DisplayWindow.Wish>
    let controls: RenderControls

    func run() async throws {
        for await wish in wishes.cancelOnGracefulShutdown() {
            switch wish {
            case .close: return
            case .scene(let index) where SceneCatalog.entries.indices.contains(index):
                controls.show(scene: index, transition: .standard)
            case .toggleHUD: controls.isHUDShown.toggle()
            case .scene, .toggleFullscreen: break
            }
        }
    }
}
