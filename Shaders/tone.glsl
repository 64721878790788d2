// From light without an upper bound to what a display shows, per component: linear up to `KNEE`, then a shoulder that reaches
// 1 at infinity; both meet with the same slope.
const float KNEE = 0.5;

vec3 toneMapped(vec3 light) {
    vec3 over = max(light - KNEE, 0.0) / (1.0 - KNEE);
    return min(light, KNEE) + (1.0 - KNEE) * over / (1.0 + over);
}
