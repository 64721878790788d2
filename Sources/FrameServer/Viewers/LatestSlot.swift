import Synchronization

/// Holds one value for one reader who waits for it; a newer value replaces one that was not read.
final class LatestSlot<Value: Sendable>: Sendable {
    private struct State: Sendable {
        var value: Value?
        var reader: CheckedContinuation<Value?, Never>?
        var hasEnded = false
    }

    private let state = Mutex(State())

    /// Leaves a value. Returns whether it replaced one.
    @discardableResult
    func put(_ value: Value) -> Bool {
        let (reader, replaced) = state.withLock { state -> (CheckedContinuation<Value?, Never>?, Bool) in
            guard !state.hasEnded else { return (nil, false) }
            if let reader = state.reader {
                state.reader = nil
                return (reader, false)
            }
            let replaced = state.value != nil
            state.value = value
            return (nil, replaced)
        }
        reader?.resume(returning: value)
        return replaced
    }

    /// Waits for the next value; nil after `end`.
    func next() async -> Value? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (answers, value) = state.withLock { state -> (Bool, Value?) in
                    if state.hasEnded { return (true, nil) }
                    if let value = state.value {
                        state.value = nil
                        return (true, value)
                    }
                    state.reader = continuation
                    return (false, nil)
                }
                if answers { continuation.resume(returning: value) }
            }
        } onCancel: {
            end()
        }
    }

    /// Wakes the reader for good.
    func end() {
        let reader = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            state.hasEnded = true
            state.value = nil
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }
}
