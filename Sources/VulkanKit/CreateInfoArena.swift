/// Keeps the structures that a create info points to, until the call that reads them has returned.
struct CreateInfoArena: ~Copyable {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// A copy of `value` that lives as long as the arena.
    mutating func keep<Value: BitwiseCopyable>(_ value: Value) -> UnsafePointer<Value> { keep([value]) }

    /// A copy of `values`, one behind the other, that lives as long as the arena.
    mutating func keep<Value: BitwiseCopyable>(_ values: [Value]) -> UnsafePointer<Value> {
        let copy = UnsafeMutablePointer<Value>.allocate(capacity: max(values.count, 1))
        copy.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(copy))
        return UnsafePointer(copy)
    }

    /// A copy of `text` as a C string.
    mutating func keep(_ text: String) -> UnsafePointer<CChar> { keep(Array(text.utf8CString)) }
}
