#version 460
#extension GL_EXT_samplerless_texture_functions : require
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

layout(set = 0, binding = 3) uniform texture2D backdrop;

layout(location = 0) in vec2 position;
layout(location = 0) out vec4 color;

// 0: into the whole picture. 1: into one of less than full resolution.
layout(constant_id = 0) const uint KIND = 0;

void main() {
    // Encoded as it is, from half the resolution of the picture. The light is soft and needs no filtering any more.
    if (KIND == 0) {
        color = texelFetch(backdrop, ivec2(gl_FragCoord.xy) >> 1, 0);
    } else {
        ivec2 texel = ivec2(gl_FragCoord.xy * (0.5 * frame.softness));
        color = texelFetch(backdrop, min(texel, textureSize(backdrop, 0) - 1), 0);
    }
}
