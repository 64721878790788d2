/// The scenes there are. A new scene is one folder beside this file and one line in this table.
public enum SceneCatalog {
    /// One scene.
    public struct Entry: Sendable {
        /// As it is called on the command line and on the wire.
        public let name: String
        /// One sentence on what it shows.
        public let summary: String
        let scene: any Scene
    }

    /// In the order of menus. The position is the scene's index.
    public static let entries: [Entry] = [
        Entry(
            name: "spectral", summary: "Eight cells, one a channel, coloured by frequency and amplitude.",
            scene: SpectralScene()),
        Entry(
            name: "breathing", summary: "Concentric rings of light, one a channel, that breathe with Φ.",
            scene: BreathingScene()),
        Entry(
            name: "topology", summary: "Eight nodes on a ring with the couplings between them and the symmetry ring.",
            scene: TopologyScene()),
        Entry(
            name: "waveform", summary: "Eight lanes of waveform under the golden envelope of Φ.",
            scene: WaveformScene()),
        Entry(
            name: "matrix", summary: "The Φ-matrix as a heat map: sign by hue, magnitude by light.",
            scene: MatrixScene()),
        Entry(
            name: "field", summary: "Thousands of points at the golden angle, moved by every part of the state.",
            scene: FieldScene()),
    ]

    /// One colour, and nothing else: what the rest is measured against. Not among the entries.
    public static let flatFillIndex = -1

    static let flatFill: any Scene = FlatFillScene()

    /// The index of the scene of this name.
    public static func index(of name: String) throws(RendererError) -> Int {
        guard let index = entries.firstIndex(where: { $0.name == name }) else {
            throw .unknownScene(name, available: entries.map(\.name))
        }
        return index
    }

    static func scene(_ index: Int) -> any Scene { entries.indices.contains(index) ? entries[index].scene : flatFill }
}
