#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"

layout(location = 0) in vec4 place;  // centre, half extent
layout(location = 1) in vec4 form;   // direction of the shape's own x axis, two parameters of the shape
layout(location = 2) in vec4 color;
layout(location = 3) in vec4 edge;

layout(location = 0) out vec2 local;  // pixels from the centre, along the shape's own axes
layout(location = 1) flat out vec4 shape;  // half extent, parameters
layout(location = 2) flat out vec4 firstColor;
layout(location = 3) flat out vec4 secondColor;

void main() {
    vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1) * 2.0 - 1.0;
    // Room for the soft edge and for a stroke that lies half outside; a hard edge (negative) needs none.
    float room = form.z < 0.0 ? 0.0 : frame.softness + form.z;
    local = corner * (place.zw + room);
    vec2 axis = form.xy;
    vec2 turned = vec2(local.x * axis.x - local.y * axis.y, local.x * axis.y + local.y * axis.x);
    gl_Position = clipPosition(place.xy + turned);
    shape = vec4(place.zw, form.zw);
    firstColor = color;
    secondColor = edge;
}
