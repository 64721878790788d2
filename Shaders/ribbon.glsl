// One curve: a strip along `count` points of the storage buffer, from `first` on.
layout(push_constant) uniform Ribbon {
    vec4 color;
    uint first;
    uint count;
    float halfWidth;   // of the line, pixels
    float glowRadius;  // of the light around it, pixels; 0 for none
} ribbon;
