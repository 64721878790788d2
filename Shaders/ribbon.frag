#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "ribbon.glsl"

layout(location = 0) in float across;
layout(location = 1) in float strength;
layout(location = 0) out vec4 color;

// 0: a line with soft edges, its colour premultiplied. 1: light that falls off to nothing at half the width.
layout(constant_id = 0) const uint KIND = 0;

void main() {
    if (KIND == 0) {
        color = ribbon.color * (coverage(abs(across) - ribbon.halfWidth) * strength);
    } else {
        float falloff = max(1.0 - abs(across) / ribbon.halfWidth, 0.0);
        color = ribbon.color * (falloff * falloff * falloff * strength);
    }
}
