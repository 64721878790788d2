#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

struct Dot {
    vec2 center;   // pixels
    float radius;  // pixels
    float scale;   // pixels of the target that a pixel of the picture is wide
    vec4 color;
};
layout(set = 0, binding = 1, std430) readonly buffer Dots { Dot dots[]; };

layout(location = 0) flat out vec2 size;  // radius with the soft edge, radius; pixels
layout(location = 1) flat out vec4 ink;

void main() {
    Dot it = dots[gl_VertexIndex];
    float reach = it.radius + 0.5 * frame.softness;
    gl_Position = clipPosition(it.center);
    gl_PointSize = 2.0 * reach * it.scale;
    size = vec2(reach, it.radius);
    ink = it.color;
}
