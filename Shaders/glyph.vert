#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "instance.glsl"

layout(location = 0) out vec2 texel;
layout(location = 1) flat out vec4 ink;

void main() {
    Instance it = instance();
    vec2 side = corner();
    gl_Position = clipPosition(it.place.xy + side * it.place.zw);
    // form.zw is the upper left corner in the atlas.
    texel = it.form.zw + (side + 1.0) * it.place.zw;
    ink = it.color;
}
