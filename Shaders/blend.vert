#version 460
#extension GL_GOOGLE_include_directive : require
#include "blend.glsl"

// Three points a step around the middle: the edge of what is open, where its softness ends, outside of the picture.
// x, y: clip space. z: opacity of the picture that gives way.
layout(set = 0, binding = 1, std430) readonly buffer Edge { vec4 edge[]; };

layout(location = 0) out float opacity;

void main() {
    vec4 point = edge[3 * (gl_VertexIndex >> 1) + blend.band + (gl_VertexIndex & 1)];
    gl_Position = vec4(point.xy, 0.0, 1.0);
    opacity = point.z;
}
