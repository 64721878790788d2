#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_samplerless_texture_functions : require
#include "frame.glsl"
#include "tone.glsl"

layout(set = 0, binding = 2) uniform texture2D light;

layout(location = 0) in vec2 position;
layout(location = 0) out vec4 color;

// As sRGB (IEC 61966-2-1), for a target that takes what is written.
vec3 encoded(vec3 linear) {
    return mix(linear * 12.92, 1.055 * pow(linear, vec3(1.0 / 2.4)) - 0.055, greaterThan(linear, vec3(0.0031308)));
}

void main() {
    float distance = dot(position, position) * 0.5;
    vec3 ground = mix(frame.center.rgb, frame.corner.rgb, min(distance, 1.0));
    color = vec4(encoded(toneMapped(ground + texelFetch(light, ivec2(gl_FragCoord.xy), 0).rgb)), 1.0);
}
