extension Comparable {
    /// The nearest value inside `range`.
    public func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}

extension Double {
    /// The value at fraction `t` of the way from this one to `other`.
    public func interpolated(to other: Double, _ t: Double) -> Double { self + (other - self) * t }
}
