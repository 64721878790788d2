/// The compiled shaders of this folder as SPIR-V words, one array a file: `shape.frag` is `SPIRV.shapeFrag`.
public enum SPIRV {}
