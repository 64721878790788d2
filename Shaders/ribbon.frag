#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

layout(location = 0) in float across;
layout(location = 1) in float strength;
layout(location = 2) flat in vec4 ink;
layout(location = 3) flat in float halfWidth;
layout(location = 0) out vec4 color;

void main() { color = ink * (coverage(abs(across) - halfWidth) * strength); }
