#version 460

layout(location = 0) out vec2 position;  // −1…1 from the middle to the edges

void main() {
    // One triangle that covers the target.
    position = vec2(gl_VertexIndex == 1 ? 3.0 : -1.0, gl_VertexIndex == 2 ? 3.0 : -1.0);
    gl_Position = vec4(position, 0.0, 1.0);
}
