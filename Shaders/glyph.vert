#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

layout(location = 0) in vec4 place;  // centre, half extent
layout(location = 1) in vec4 form;   // z, w: upper left corner in the atlas, pixels
layout(location = 2) in vec4 color;

layout(location = 0) out vec2 texel;
layout(location = 1) flat out vec4 ink;

void main() {
    vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
    gl_Position = clipPosition(place.xy + (corner * 2.0 - 1.0) * place.zw);
    texel = form.zw + corner * 2.0 * place.zw;
    ink = color;
}
