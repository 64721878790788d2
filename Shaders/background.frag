#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

layout(set = 0, binding = 3) uniform sampler2D backdrop;

layout(location = 0) in vec2 position;
layout(location = 1) in vec2 place;
layout(location = 0) out vec4 color;

// 0: the ground alone. 1: the ground with the light on it, encoded as it is. 2: one colour.
layout(constant_id = 0) const uint KIND = 0;

void main() {
    if (KIND == 0) {
        float distance = dot(position, position) * 0.5;
        color = vec4(mix(frame.center.rgb, frame.corner.rgb, min(distance, 1.0)), 1.0);
    } else if (KIND == 1) {
        // The light is soft: it needs no filtering from half the resolution.
        color = texelFetch(backdrop, ivec2(gl_FragCoord.xy * (0.5 * frame.softness)), 0);
    } else {
        color = vec4(frame.corner.rgb, 1.0);
    }
}
