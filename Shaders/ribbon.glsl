// One curve: a strip along `count` points of the storage buffer, from `first` on.
layout(push_constant) uniform Ribbon {
    vec4 color;       // premultiplied
    uint first;
    uint count;
    float halfWidth;  // pixels
    float fade;       // the share of the colour that is left at the first point
} ribbon;
