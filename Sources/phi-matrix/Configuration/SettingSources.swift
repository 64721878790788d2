import Configuration
import FrameServer
import Synchronization

/// Notes which source each setting was taken from, as it is read: of the flags, the environment and the file, in this order.
final class SettingSources: AccessReporter {
    private static let order: [ProfileEntry.Source] = [.flag, .environment, .file]

    private let known = Mutex<[String: ProfileEntry.Source]>([:])

    func report(_ event: AccessEvent) {
        let place = event.providerResults.firstIndex { result in
            if case .success(let lookup) = result.result { lookup.value != nil } else { false }
        }
        guard let place, Self.order.indices.contains(place) else { return }
        let key = event.metadata.key.components.joined(separator: ".")
        known.withLock { $0[key] = Self.order[place] }
    }

    /// Where a setting comes from that was read under this key.
    subscript(key: String) -> ProfileEntry.Source { known.withLock { $0[key] } ?? .standard }
}
