#version 460
#extension GL_EXT_samplerless_texture_functions : require

layout(set = 0, binding = 3) uniform texture2D backdrop;

layout(location = 0) in vec2 position;
layout(location = 0) out vec4 color;

// To twice the size. Each pixel lies a quarter of a texel from the middle of one on both axes, towards the same diagonal
// neighbour, so that two fetches give what four with bilinear weights would wherever the light is close to a plane.
void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    ivec2 near = pixel >> 1;
    ivec2 far = clamp(near + ((pixel & 1) << 1) - 1, ivec2(0), textureSize(backdrop, 0) - 1);
    color = 0.75 * texelFetch(backdrop, near, 0) + 0.25 * texelFetch(backdrop, far, 0);
}
