/// Whether two numbers differ by no more than `tolerance`.
func isClose(_ a: Double, _ b: Double, within tolerance: Double = 1e-6) -> Bool { abs(a - b) <= tolerance }
