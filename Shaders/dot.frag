#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

layout(location = 0) flat in vec2 size;
layout(location = 1) flat in vec4 ink;
layout(location = 0) out vec4 color;

// 0: a disc with a soft edge. 1: light that falls off to nothing at the radius.
layout(constant_id = 0) const uint KIND = 0;

void main() {
    vec2 local = (gl_PointCoord * 2.0 - 1.0) * size.x;
    if (KIND == 0) {
        color = ink * coverage(length(local) - size.y);
    } else {
        float falloff = max(1.0 - dot(local, local) / (size.y * size.y), 0.0);
        color = ink * (falloff * falloff * falloff);
    }
}
