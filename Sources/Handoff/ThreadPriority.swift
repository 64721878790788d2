import Glibc

/// How threads share the processor.
public enum ThreadPriority {
    /// What threads that wait on others' behalf give way by: a third of the share of an ordinary thread.
    private static let niceness: Int32 = 5

    /// The calling thread gives way to others where there is not enough for all. On Linux niceness belongs to a thread; a
    /// system that refuses it runs as before.
    public static func lower() { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
}
