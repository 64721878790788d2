// How a picture gives way to another.
layout(push_constant) uniform Blend {
    float share;     // of the picture that gives way, 0 … 1
    float softness;  // of the edge of a cell, as a share of all cells
    uint cell;       // the side of a cell, pixels
    uint band;       // which pair of the three points of a step a strip is between
} blend;
