#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_samplerless_texture_functions : require
#include "frame.glsl"
#include "tone.glsl"

layout(set = 0, binding = 2) uniform texture2D light;

layout(location = 0) in vec2 position;
layout(location = 1) in vec2 place;
layout(location = 0) out vec4 color;

void main() {
    float distance = dot(position, position) * 0.5;
    vec3 ground = mix(frame.center.rgb, frame.corner.rgb, min(distance, 1.0));
    // Stored as the square root, so that 8 bits are enough for the dark.
    color = vec4(sqrt(toneMapped(ground + texelFetch(light, ivec2(gl_FragCoord.xy), 0).rgb)), 1.0);
}
