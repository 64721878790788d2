/// Who decides how much is drawn.
public enum QualityMode: Sendable, Equatable {
    /// It stays as it is.
    case fixed(QualityLevel)
    /// The scaler, so that the frame rate holds.
    case automatic
}
