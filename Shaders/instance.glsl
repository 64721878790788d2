// Shapes and glyphs, each drawn as the two triangles of a rectangle.
struct Instance {
    vec4 place;  // centre, half extent; pixels
    vec4 form;   // direction of the instance's own x axis, two parameters of its kind
    vec4 color;
    vec4 edge;
};
layout(set = 0, binding = 1, std430) readonly buffer Instances { Instance instances[]; };

Instance instance() { return instances[gl_VertexIndex / 6]; }

// The corner of this vertex, −1 or 1 on each axis.
vec2 corner() {
    // 0, 1, 2 and 3, 1, 2 of the corners of a strip.
    int n = gl_VertexIndex % 6;
    n = n < 3 ? n : n == 3 ? 3 : n - 3;
    return vec2(n & 1, n >> 1) * 2.0 - 1.0;
}
