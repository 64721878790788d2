import Glibc
import PhiModel

/// Eight phase oscillators coupled as in Kuramoto's model: θ'_i = 2π · (f_i + s · Σ_j C_ij · sin(θ_j − θ_i)), C in Hz.
struct KuramotoOscillators {
    /// Radians, not wrapped by `step`.
    var phases: InlineArray<8, Double>
    /// The natural frequencies, Hz.
    var frequencies: InlineArray<8, Double>

    /// One step of `seconds` by the classical Runge-Kutta method, the coupling held still.
    mutating func step(_ seconds: Double, coupling: CouplingMatrix, strength: Double) {
        let k1 = rates(at: phases, coupling, strength)
        let k2 = rates(at: moved(k1, seconds / 2), coupling, strength)
        let k3 = rates(at: moved(k2, seconds / 2), coupling, strength)
        let k4 = rates(at: moved(k3, seconds), coupling, strength)
        for i in phases.indices { phases[i] += seconds / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) }
    }

    private func moved(_ rates: InlineArray<8, Double>, _ seconds: Double) -> InlineArray<8, Double> {
        InlineArray { phases[$0] + seconds * rates[$0] }
    }

    /// θ' in rad/s. sin(θ_j − θ_i) is taken apart into the sines and cosines of the eight phases, so that a step needs
    /// 16 of them instead of 64.
    private func rates(
        at phases: InlineArray<8, Double>, _ coupling: CouplingMatrix, _ strength: Double
    ) -> InlineArray<8, Double> {
        let sines = InlineArray<8, Double> { sin(phases[$0]) }
        let cosines = InlineArray<8, Double> { cos(phases[$0]) }
        return InlineArray { i in
            var alongSine = 0.0, alongCosine = 0.0
            for j in sines.indices {
                let c = coupling[i, j]
                alongSine += c * sines[j]
                alongCosine += c * cosines[j]
            }
            return Angle.turn * (frequencies[i] + strength * (alongSine * cosines[i] - alongCosine * sines[i]))
        }
    }
}
