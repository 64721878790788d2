#version 460

layout(set = 0, binding = 3) uniform sampler2D backdrop;

layout(location = 0) in vec2 position;
layout(location = 0) out vec4 color;

// To twice the size, with bilinear filtering: each pixel lies a quarter of a texel from the middle of one, so that the
// weights are always the same, and four fetches are cheaper in software than a filtered sample.
void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    ivec2 near = pixel >> 1;
    ivec2 far = clamp(near + ((pixel & 1) << 1) - 1, ivec2(0), textureSize(backdrop, 0) - 1);
    color = 0.5625 * texelFetch(backdrop, near, 0) + 0.0625 * texelFetch(backdrop, far, 0)
        + 0.1875 * (texelFetch(backdrop, ivec2(far.x, near.y), 0) + texelFetch(backdrop, ivec2(near.x, far.y), 0));
}
