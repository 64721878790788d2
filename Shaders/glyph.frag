#version 460
#extension GL_EXT_samplerless_texture_functions : require

layout(set = 0, binding = 2) uniform texture2D atlas;

layout(location = 0) in vec2 texel;
layout(location = 1) flat in vec4 ink;
layout(location = 0) out vec4 color;

void main() {
    // Glyphs are rasterised at the size they are drawn, and sit on whole pixels: one texel a pixel, no filtering.
    float alpha = texelFetch(atlas, ivec2(floor(texel)), 0).r * ink.a;
    color = vec4(ink.rgb * alpha, alpha);
}
