#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "ribbon.glsl"

layout(location = 0) in float across;
layout(location = 0) out vec4 color;

void main() {
    float distance = abs(across);
    float line = coverage(distance - ribbon.halfWidth);
    float falloff = ribbon.glowRadius > 0.0 ? max(1.0 - distance / ribbon.glowRadius, 0.0) : 0.0;
    // The colour is premultiplied; the light around the line is added.
    color = vec4(ribbon.color.rgb * (line + 0.22 * falloff * falloff * falloff), line * ribbon.color.a);
}
