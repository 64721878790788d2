#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

layout(location = 0) in vec2 position;
layout(location = 0) out vec4 color;

// 0: lighter in the middle than in the corners. 1: one colour.
layout(constant_id = 0) const uint KIND = 0;

void main() {
    float distance = KIND == 0 ? min(dot(position, position) * 0.5, 1.0) : 1.0;
    color = vec4(mix(frame.center.rgb, frame.corner.rgb, distance), 1.0);
}
