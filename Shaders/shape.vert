#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "instance.glsl"

layout(location = 0) out vec2 local;  // pixels from the centre, along the shape's own axes
layout(location = 1) flat out vec4 shape;  // half extent, parameters
layout(location = 2) flat out vec4 firstColor;
layout(location = 3) flat out vec4 secondColor;
layout(location = 4) out vec4 shade;  // from the colour at the top to that at the bottom

void main() {
    Instance it = instance();
    // Room for the soft edge and for a stroke that lies half outside; a hard edge (negative) needs none.
    float room = it.form.z < 0.0 ? 0.0 : frame.softness + it.form.z;
    vec2 side = corner();
    local = side * (it.place.zw + room);
    vec2 axis = it.form.xy;
    vec2 turned = vec2(local.x * axis.x - local.y * axis.y, local.x * axis.y + local.y * axis.x);
    gl_Position = clipPosition(it.place.xy + turned);
    shape = vec4(it.place.zw, it.form.zw);
    firstColor = it.color;
    secondColor = it.edge;
    shade = side.y < 0.0 ? it.color : it.edge;
}
