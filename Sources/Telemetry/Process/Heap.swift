import CMalloc

/// The process's heap (glibc's).
public enum Heap {
    /// Bytes that are allocated and not freed, by all threads. Resident memory goes up and down with what the allocator keeps
    /// for later; a leak shows here without that noise. Takes the locks of the heap for a moment.
    public static func bytesInUse() -> UInt64 {
        let figures = mallinfo2()
        return UInt64(figures.uordblks) + UInt64(figures.hblkhd)
    }

    /// Gives back to the system whole pages of what is free, wherever they lie.
    public static func giveBack() {
        malloc_trim(0)
    }
}
