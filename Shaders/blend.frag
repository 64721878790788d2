#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_samplerless_texture_functions : require
#include "blend.glsl"

layout(set = 0, binding = 2) uniform texture2D outgoing;

layout(location = 0) in float opacity;
layout(location = 0) out vec4 color;

// 0: as opaque as the edge says. 1: cell by cell.
layout(constant_id = 0) const uint KIND = 0;

// An integer hash (PCG), the same on every device.
uint hash(uint x) {
    uint state = x * 747796405u + 2891336453u;
    uint word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    return (word >> 22u) ^ word;
}

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float alpha = opacity * blend.share;
    if (KIND == 1) {
        uvec2 cell = uvec2(pixel) / blend.cell;
        // Steps of 2³²/φ along a row fill the range evenly; every row begins elsewhere.
        uint order = cell.x * 2654435769u + hash(cell.y);
        float rank = float(order >> 8) * (1.0 / 16777216.0) * (1.0 - blend.softness);
        alpha = clamp((blend.share - rank) / blend.softness, 0.0, 1.0);
    }
    color = vec4(texelFetch(outgoing, pixel, 0).rgb * alpha, alpha);
}
