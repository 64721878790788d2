import CSDL2
import CVulkan
import Foundation
import Synchronization
import VulkanKit

/// A window of SDL's, opened and closed by a `DisplayThread`.
///
/// `@unchecked Sendable`: `window` never changes; events and the window's end are handled by the display thread alone, and
/// what others ask for before that (extensions, a surface) only reads what was fixed when the window was made.
public final class DisplayWindow: @unchecked Sendable {
    /// What a window is opened with.
    public struct Options: Sendable {
        /// Shown in the title bar.
        public var title: String
        /// Pixels.
        public var width: Int
        /// Pixels.
        public var height: Int
        /// Over the whole display, without a change of its mode.
        public var isFullscreen: Bool
        /// From 0 on.
        public var display: Int

        public init(title: String, width: Int, height: Int, isFullscreen: Bool = false, display: Int = 0) {
            self.title = title
            self.width = width
            self.height = height
            self.isFullscreen = isFullscreen
            self.display = display
        }
    }

    private let window: OpaquePointer
    /// Width and height, pixels, in the upper and the lower half.
    private let size: Atomic<UInt64>

    public init(_ options: Options) throws(DisplayError) {
        SDL_SetMainReady()
        // The program has its own handling of SIGINT and SIGTERM.
        SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1")
        let environment = ProcessInfo.processInfo.environment
        let names = ["DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"]
        guard names.contains(where: { environment[$0]?.isEmpty == false }) else {
            throw .noVideo("neither DISPLAY nor WAYLAND_DISPLAY is set")
        }
        guard SDL_InitSubSystem(UInt32(SDL_INIT_VIDEO)) == 0 else { throw .noVideo(String(cString: SDL_GetError())) }
        let displays = Int(SDL_GetNumVideoDisplays())
        guard (0..<max(displays, 1)).contains(options.display) else {
            SDL_QuitSubSystem(UInt32(SDL_INIT_VIDEO))
            throw .unknownDisplay(options.display, count: displays)
        }
        let position = csdl_centered_on(Int32(options.display))
        var bounds = SDL_Rect(x: 0, y: 0, w: Int32(options.width), h: Int32(options.height))
        // Without a window manager nobody makes the window as large as the display.
        if options.isFullscreen { SDL_GetDisplayBounds(Int32(options.display), &bounds) }
        let flags = csdl_window_flags | (options.isFullscreen ? csdl_fullscreen_flag : 0)
        guard
            let window = SDL_CreateWindow(
                options.title, options.isFullscreen ? bounds.x : position, options.isFullscreen ? bounds.y : position,
                bounds.w, bounds.h, flags)
        else {
            let reason = String(cString: SDL_GetError())
            SDL_QuitSubSystem(UInt32(SDL_INIT_VIDEO))
            throw .noWindow(reason)
        }
        self.window = window
        size = Atomic(UInt64(options.width) << 32 | UInt64(options.height))
        noteSize()
        if options.isFullscreen { SDL_ShowCursor(SDL_DISABLE) }
    }

    /// Closes the window. The last call made with it.
    func destroy() {
        SDL_DestroyWindow(window)
        SDL_QuitSubSystem(UInt32(SDL_INIT_VIDEO))
    }

    /// The instance extensions that the window's surface needs.
    public var instanceExtensions: [String] {
        var count: UInt32 = 0
        guard SDL_Vulkan_GetInstanceExtensions(window, &count, nil) == SDL_TRUE else { return [] }
        var names = [UnsafePointer<CChar>?](repeating: nil, count: Int(count))
        guard SDL_Vulkan_GetInstanceExtensions(window, &count, &names) == SDL_TRUE else { return [] }
        return names.compactMap { $0.map { String(cString: $0) } }
    }

    /// The window as Vulkan sees it. Throws `DisplayError.noWindow` where SDL cannot make it.
    public func makeSurface(_ instance: Instance) throws(DisplayError) -> Surface {
        var surface: VkSurfaceKHR?
        guard SDL_Vulkan_CreateSurface(window, instance.handle, &surface) == SDL_TRUE, let surface else {
            throw .noWindow(String(cString: SDL_GetError()))
        }
        return Surface(instance: instance, adopting: surface)
    }

    /// What the person at the window wants.
    public enum Wish: Sendable {
        case close, toggleFullscreen, toggleHUD
        /// Scenes are numbered from 0, as on the keys 1 … 9.
        case scene(Int)
    }

    /// Waits up to `milliseconds` for an event and calls `handle` with each wish.
    func pollEvents(milliseconds: Int, _ handle: (Wish) -> Void) {
        defer { noteSize() }
        var event = SDL_Event()
        guard SDL_WaitEventTimeout(&event, Int32(milliseconds)) == 1 else { return }
        repeat {
            switch SDL_EventType(event.type) {
            case SDL_QUIT: handle(.close)
            case SDL_KEYDOWN where event.key.repeat == 0: wish(of: event.key.keysym.sym).map(handle)
            default: break
            }
        } while SDL_PollEvent(&event) == 1
    }

    private func noteSize() {
        var width: Int32 = 0
        var height: Int32 = 0
        SDL_Vulkan_GetDrawableSize(window, &width, &height)
        size.store(UInt64(max(width, 0)) << 32 | UInt64(max(height, 0)), ordering: .relaxed)
    }

    /// The size of what can be drawn into, pixels, as the display thread saw it last.
    var drawableSize: (width: Int, height: Int) {
        let packed = size.load(ordering: .relaxed)
        return (Int(packed >> 32), Int(packed & 0xFFFF_FFFF))
    }

    private func wish(of key: SDL_Keycode) -> Wish? {
        switch key {
        case SDL_Keycode(SDLK_ESCAPE.rawValue), SDL_Keycode(SDLK_q.rawValue): .close
        case SDL_Keycode(SDLK_f.rawValue): .toggleFullscreen
        case SDL_Keycode(SDLK_h.rawValue): .toggleHUD
        case SDL_Keycode(SDLK_1.rawValue)...SDL_Keycode(SDLK_9.rawValue): .scene(Int(key) - Int(SDLK_1.rawValue))
        default: nil
        }
    }

    func toggleFullscreen() {
        let isFullscreen = SDL_GetWindowFlags(window) & csdl_fullscreen_flag == csdl_fullscreen_flag
        SDL_SetWindowFullscreen(window, isFullscreen ? 0 : csdl_fullscreen_flag)
        SDL_ShowCursor(isFullscreen ? SDL_ENABLE : SDL_DISABLE)
    }
}

extension DisplayWindow {
    /// The version of the SDL library that is linked, such as "2.26.5".
    public static var libraryVersion: String {
        var version = SDL_version()
        SDL_GetVersion(&version)
        return "\(version.major).\(version.minor).\(version.patch)"
    }
}
