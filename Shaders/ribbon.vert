#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "ribbon.glsl"

// x, y: pixels. z: how far along the curve, 0 … 1.
layout(set = 0, binding = 1, std430) readonly buffer Points { vec4 points[]; };

layout(location = 0) out float across;    // pixels from the middle of the line
layout(location = 1) out float strength;  // 0 … 1, along the line

void main() {
    uint index = gl_VertexIndex >> 1;
    vec4 point = points[ribbon.first + index];
    vec2 here = point.xy;
    vec2 before = points[ribbon.first + max(index, 1u) - 1u].xy;
    vec2 after = points[ribbon.first + min(index + 1u, ribbon.count - 1u)].xy;
    vec2 incoming = index == 0u ? after - here : here - before;
    vec2 outgoing = index == ribbon.count - 1u ? here - before : after - here;
    vec2 a = normalize(vec2(-incoming.y, incoming.x));
    vec2 b = normalize(vec2(-outgoing.y, outgoing.x));
    vec2 miter = a + b;
    float square = dot(miter, miter);
    miter = square > 1e-4 ? miter / sqrt(square) : a;
    // A mitre keeps the width at bends; the bound keeps spikes from shooting away.
    float stretch = 1.0 / max(dot(miter, a), 0.4);
    float reach = ribbon.halfWidth + frame.softness;
    float side = (gl_VertexIndex & 1) == 0 ? -1.0 : 1.0;
    strength = mix(ribbon.fade, 1.0, point.z);
    across = side * reach;
    gl_Position = clipPosition(here + miter * (side * reach * stretch));
}
