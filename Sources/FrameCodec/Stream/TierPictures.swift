import Handoff
import Synchronization

/// The pictures of one size, reduced and converted once a frame, whichever of the size's encoders comes first.
final class TierPictures: Sendable {
    private struct Made<Picture: AnyObject & Sendable>: Sendable {
        var sequence: UInt32
        var picture: Picture
    }

    private struct State: Sendable {
        var reduced: Made<ReducedPicture>?
        var planar: Made<PlanarPicture>?
        var spare: [PlanarPicture] = []
    }

    private let tier: SizeTier
    private let state = Mutex(State())

    init(_ tier: SizeTier) { self.tier = tier }

    /// The picture in RGBA, rows without padding.
    func withPixels<R>(
        _ lease: borrowing FrameLease, _ body: (UnsafeRawBufferPointer, _ width: Int, _ height: Int) throws -> R
    ) rethrows -> R {
        let info = lease.info, pixels = lease.pixels
        guard tier != .full else { return try body(pixels, info.width, info.height) }
        let reduced = state.withLock { Self.reduced(pixels, info, tier, &$0) }
        return try body(reduced.pixels, reduced.width, reduced.height)
    }

    /// The picture as video encoders take it, of even width and height: the last odd column and row are left out.
    func planar(_ lease: borrowing FrameLease) throws(CodecError) -> PlanarPicture {
        let info = lease.info, pixels = lease.pixels
        let tier = tier
        let result: Result<PlanarPicture, CodecError> = state.withLock { state in
            if let made = state.planar, made.sequence == info.sequence { return .success(made.picture) }
            let source: (pixels: UnsafeRawBufferPointer, width: Int, height: Int)
            if tier == .full {
                source = (pixels, info.width, info.height)
            } else {
                let reduced = Self.reduced(pixels, info, tier, &state)
                source = (reduced.pixels, reduced.width, reduced.height)
            }
            do throws(CodecError) {
                let picture = try Self.spare(width: source.width & ~1, height: source.height & ~1, &state)
                picture.convert(rgba: source.pixels, bytesPerRow: source.width * 4)
                state.planar = Made(sequence: info.sequence, picture: picture)
                return .success(picture)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Gives the memory back.
    func release() { state.withLock { $0 = State() } }

    private static func reduced(
        _ pixels: UnsafeRawBufferPointer, _ info: FrameInfo, _ tier: SizeTier, _ state: inout State
    ) -> ReducedPicture {
        if let made = state.reduced, made.sequence == info.sequence { return made.picture }
        let (width, height) = tier.size(width: info.width, height: info.height)
        let picture: ReducedPicture
        if var old = state.reduced?.picture, old.width == width, old.height == height {
            state.reduced = nil
            picture = isKnownUniquelyReferenced(&old) ? old : ReducedPicture(width: width, height: height)
        } else {
            picture = ReducedPicture(width: width, height: height)
        }
        picture.fill(from: pixels, width: info.width, height: info.height, factor: tier.rawValue)
        state.reduced = Made(sequence: info.sequence, picture: picture)
        return picture
    }

    /// A picture that nobody reads any more, or a new one.
    private static func spare(width: Int, height: Int, _ state: inout State) throws(CodecError) -> PlanarPicture {
        if let last = state.planar?.picture { state.spare.append(last) }
        state.planar = nil
        state.spare.removeAll { $0.width != width || $0.height != height }
        for n in state.spare.indices where isKnownUniquelyReferenced(&state.spare[n]) && state.spare[n].isFree {
            return state.spare.remove(at: n)
        }
        return try PlanarPicture(width: width, height: height)
    }
}

/// RGBA at a half or a quarter of the size.
///
/// `@unchecked Sendable`: `fill` is called only while no other reference to the picture exists; everybody else reads.
final class ReducedPicture: @unchecked Sendable {
    let width: Int
    let height: Int
    private let memory: UnsafeMutableRawBufferPointer

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        memory = .allocate(byteCount: max(1, width * height * 4), alignment: 64)
    }

    deinit { memory.deallocate() }

    var pixels: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }

    func fill(from source: UnsafeRawBufferPointer, width: Int, height: Int, factor: Int) {
        guard let from = source.baseAddress, let to = memory.baseAddress else { return }
        PictureReduction.reduce(from, width: width, height: height, by: factor, into: to)
    }
}
