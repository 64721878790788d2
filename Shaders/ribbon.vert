#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

// Strips along curves, many of them in one draw. A point has x, y in pixels; z, how far along its curve it is, 0 … 1; and w,
// where the style of its strip is: the colour, premultiplied; half the width, pixels; the share of the colour that is left at
// the first point. Beyond each end lies one point more, its z outside of 0 … 1, which closes the strip.
layout(set = 0, binding = 1, std430) readonly buffer Points { vec4 points[]; };

layout(location = 0) out float across;    // pixels from the middle of the line
layout(location = 1) out float strength;  // 0 … 1, along the line
layout(location = 2) flat out vec4 ink;
layout(location = 3) flat out float halfWidth;

bool isInside(vec4 point) { return point.z >= 0.0 && point.z <= 1.0; }

void main() {
    int index = gl_VertexIndex >> 1;
    float side = (gl_VertexIndex & 1) == 0 ? -1.0 : 1.0;
    float along = points[index].z;
    // Both vertices that close a strip lie on one vertex of its end, so that nothing is drawn between two strips.
    if (along < 0.0) {
        index += 1;
        side = -1.0;
    } else if (along > 1.0) {
        index -= 1;
        side = 1.0;
    }
    vec4 point = points[index], before = points[index - 1], after = points[index + 1];
    vec4 style = points[int(point.w) + 1];
    vec2 here = point.xy;
    vec2 incoming = isInside(before) ? here - before.xy : after.xy - here;
    vec2 outgoing = isInside(after) ? after.xy - here : here - before.xy;
    vec2 a = normalize(vec2(-incoming.y, incoming.x));
    vec2 b = normalize(vec2(-outgoing.y, outgoing.x));
    vec2 miter = a + b;
    float square = dot(miter, miter);
    miter = square > 1e-4 ? miter / sqrt(square) : a;
    // A mitre keeps the width at bends; the bound keeps spikes from shooting away.
    float stretch = 1.0 / max(dot(miter, a), 0.4);
    float reach = style.x + frame.softness;
    strength = mix(style.y, 1.0, point.z);
    across = side * reach;
    ink = points[int(point.w)];
    halfWidth = style.x;
    gl_Position = clipPosition(here + miter * (side * reach * stretch));
}
