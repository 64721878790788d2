import CMalloc

/// glibc's heap, for a process that runs for months.
enum HeapArenas {
    /// Viewers, encoders and recordings come and go on threads of their own. glibc would give each thread an arena until
    /// there are eight a core, and what one arena has free serves no other: memory creeps up for hours. Two arenas level off.
    static func limit() { mallopt(M_ARENA_MAX, 2) }
}
