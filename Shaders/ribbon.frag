#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "ribbon.glsl"

layout(location = 0) in float across;
layout(location = 1) in float strength;
layout(location = 0) out vec4 color;

void main() { color = ribbon.color * (coverage(abs(across) - ribbon.halfWidth) * strength); }
