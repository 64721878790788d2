public import CoreMetrics
import Synchronization

/// Keeps every metric of the process and renders them in the Prometheus text format.
///
/// Bootstrap swift-metrics with it, or make series from it directly. A name that was first used for another kind of metric
/// gets a handler that counts for nobody, since a scrape with two kinds under one name would be refused as a whole.
public final class PrometheusRegistry: MetricsFactory {
    private let families = Mutex<[String: MetricFamily]>([:])
    private let helps = Mutex<[String: String]>([:])

    /// A registry without metrics.
    public init() {}

    /// Sets the sentence that the scrape shows for a metric.
    public func describe(_ name: String, _ help: String) {
        helps.withLock { $0[MetricName.sanitized(name)] = help }
    }

    /// All metrics in the text format 0.0.4, sorted by name.
    public func render() -> String {
        let helps = helps.withLock { $0 }
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            family.render(name: name, help: helps[name] ?? "\(name).", into: &text)
        }
        return text
    }

    /// The counter of that name and those labels.
    public func counter(_ name: String, _ labels: [(String, String)] = []) -> CounterSeries {
        series(name, labels, .counter) { CounterSeries() }
    }

    /// The gauge of that name and those labels.
    public func gauge(_ name: String, _ labels: [(String, String)] = []) -> GaugeSeries {
        series(name, labels, .gauge) { GaugeSeries() }
    }

    /// The histogram of that name and those labels, in seconds.
    public func histogram(
        _ name: String, _ labels: [(String, String)] = [], buckets: [Double] = HistogramSeries.standardBuckets
    ) -> HistogramSeries {
        series(name, labels, .histogram) { HistogramSeries(buckets: buckets) }
    }

    private func series<S: MetricSeries>(
        _ name: String, _ labels: [(String, String)], _ kind: MetricKind, make: () -> S
    ) -> S {
        families.withLock { families in
            let name = MetricName.sanitized(name)
            var family = families[name] ?? MetricFamily(kind: kind)
            guard family.kind == kind else { return make() }
            let labels = MetricName.labels(labels)
            if let known = family.series[labels] as? S { return known }
            let new = make()
            family.series[labels] = new
            families[name] = family
            return new
        }
    }

    private func remove(_ handler: AnyObject) {
        families.withLock { families in
            for (name, var family) in families {
                guard let labels = family.series.first(where: { $0.value === handler })?.key else { continue }
                family.series[labels] = nil
                families[name] = family.series.isEmpty ? nil : family
                return
            }
        }
    }

    // MARK: MetricsFactory

    /// The counter of that name and those dimensions; the same one each time.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    /// The same as `makeCounter`: every counter takes fractions.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    /// The gauge of that name and those dimensions; the same one each time.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    /// A recorder that does not aggregate is what swift-metrics calls a gauge.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { histogram(label, dimensions) } else { gauge(label, dimensions) }
    }

    /// A histogram in seconds, whatever unit the timer is told durations in.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    /// Takes the counter out of the scrape.
    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    /// Takes the counter out of the scrape.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    /// Takes the gauge out of the scrape.
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    /// Takes the gauge or histogram out of the scrape.
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    /// Takes the histogram out of the scrape.
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
