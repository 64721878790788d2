#version 460

layout(set = 0, binding = 3) uniform sampler2D backdrop;

layout(location = 0) in vec2 position;
layout(location = 0) out vec4 color;

void main() { color = texture(backdrop, position * 0.5 + 0.5); }
