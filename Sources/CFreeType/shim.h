#include <ft2build.h>
#include FT_FREETYPE_H

// Load flags are casts in the header, and not imported.
static const FT_Int32 cft_load_render = FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT;
