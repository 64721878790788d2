#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_samplerless_texture_functions : require
#include "frame.glsl"
#include "tone.glsl"

layout(set = 0, binding = 2) uniform texture2D light;

layout(location = 0) in vec2 position;
layout(location = 0) out vec4 color;

void main() {
    float distance = dot(position, position) * 0.5;
    vec3 ground = mix(frame.center.rgb, frame.corner.rgb, min(distance, 1.0));
    color = vec4(toneMapped(ground + texelFetch(light, ivec2(gl_FragCoord.xy), 0).rgb), 1.0);
}
