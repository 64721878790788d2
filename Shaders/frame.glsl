// What every shader of a frame knows. Lengths are pixels of the finished picture, y downwards.
layout(set = 0, binding = 0, std140) uniform Frame {
    vec2 size;       // of the finished picture
    float softness;  // width of an anti-aliased edge: one pixel of the target that is drawn into
    vec4 center;     // background colour in the middle, linear
    vec4 corner;     // background colour in the corners, linear
} frame;

vec4 clipPosition(vec2 pixels) { return vec4(pixels / frame.size * 2.0 - 1.0, 0.0, 1.0); }

// How much of a pixel is inside a shape whose edge is `distance` pixels away, negative inside.
float coverage(float distance) { return clamp(0.5 - distance / frame.softness, 0.0, 1.0); }
