#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

layout(location = 0) in vec2 position;
layout(location = 0) out vec4 color;

void main() {
    float distance = dot(position, position) * 0.5;
    color = vec4(mix(frame.center.rgb, frame.corner.rgb, min(distance, 1.0)), 1.0);
}
