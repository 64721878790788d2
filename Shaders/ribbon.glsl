// One curve: a strip along `count` points of the storage buffer, from `first` on.
layout(push_constant) uniform Ribbon {
    vec4 color;
    uint first;
    uint count;
    float halfWidth;  // of the line, or of the light around it, pixels
    float fade;       // the share of the colour that is left at the first point
    float taper;      // the share of the curve over which the light vanishes at both ends; 0 for a closed curve
} ribbon;
