#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

layout(location = 0) in vec2 local;
layout(location = 1) flat in vec4 shape;
layout(location = 2) flat in vec4 firstColor;
layout(location = 3) flat in vec4 secondColor;
layout(location = 4) in vec4 shade;
layout(location = 0) out vec4 color;

// One pipeline a kind, so that a fragment runs only its own branch.
layout(constant_id = 0) const uint KIND = 0;
const uint BOX = 0;   // filled, corner radius shape.w, from firstColor at the top to secondColor at the bottom
const uint RING = 1;  // outline of a circle of radius shape.x, shape.z wide
const uint LINE = 2;  // from −shape.x to +shape.x with its round ends, 2 · shape.y wide, from firstColor to secondColor
const uint FILL = 3;  // a rectangle with hard edges, shaded as BOX: nothing is computed but the shade
const uint GLOW = 4;  // light that falls off from the centre to nothing at the half extent

vec4 premultiplied(vec4 c, float alpha) { return vec4(c.rgb * alpha, c.a * alpha); }

void main() {
    if (KIND == FILL) {
        color = shade;
    } else if (KIND == BOX) {
        vec2 q = abs(local) - shape.xy + shape.w;
        float distance = min(max(q.x, q.y), 0.0) + length(max(q, 0.0)) - shape.w;
        float t = clamp(local.y / shape.y * 0.5 + 0.5, 0.0, 1.0);
        color = premultiplied(mix(firstColor, secondColor, t), coverage(distance));
    } else if (KIND == RING) {
        float distance = abs(length(local) - shape.x) - 0.5 * shape.z;
        color = premultiplied(firstColor, coverage(distance));
    } else if (KIND == LINE) {
        float straight = shape.x - shape.y;
        float distance = length(vec2(max(abs(local.x) - straight, 0.0), local.y)) - shape.y;
        float t = clamp(local.x / max(straight, 1e-3) * 0.5 + 0.5, 0.0, 1.0);
        color = premultiplied(mix(firstColor, secondColor, t), coverage(distance));
    } else {
        vec2 q = local / shape.xy;
        float falloff = max(1.0 - dot(q, q), 0.0);
        color = firstColor * (falloff * falloff * falloff);
    }
}
