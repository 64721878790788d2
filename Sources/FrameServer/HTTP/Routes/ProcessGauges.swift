import Telemetry

/// The process's own figures, under the names that dashboards for any program know.
struct ProcessGauges: Sendable {
    private let resident, heap, openDescriptors, mostDescriptors, startTime: GaugeSeries
    private let cpu: CounterSeries

    init(_ registry: PrometheusRegistry) {
        func gauge(_ name: String, _ help: String) -> GaugeSeries {
            registry.describe(name, help)
            return registry.gauge(name)
        }
        resident = gauge("process_resident_memory_bytes", "Resident memory.")
        heap = gauge("soundlab_heap_bytes", "Heap in use: allocated and not freed.")
        openDescriptors = gauge("process_open_fds", "Open files and sockets.")
        mostDescriptors = gauge("process_max_fds", "Files and sockets that may be open at once.")
        startTime = gauge("process_start_time_seconds", "When the process began, Unix seconds.")
        registry.describe("process_cpu_seconds_total", "Processor time since the start.")
        cpu = registry.counter("process_cpu_seconds_total")
    }

    func read() {
        let vitals = ProcessVitals()
        resident.set(Double(vitals.residentBytes))
        heap.set(Double(Heap.bytesInUse()))
        openDescriptors.set(Double(vitals.openDescriptors))
        mostDescriptors.set(Double(vitals.mostDescriptors))
        startTime.set(vitals.startTime)
        cpu.raise(to: vitals.cpuSeconds)
    }
}
