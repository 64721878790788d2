#ifndef CSDL2_SHIM_H
#define CSDL2_SHIM_H

#define SDL_MAIN_HANDLED
#include <SDL2/SDL.h>

// SDL_vulkan.h declares its own Vulkan handles; these take any, so that the types of CVulkan stay the only ones.
extern SDL_bool SDL_Vulkan_GetInstanceExtensions(SDL_Window *window, unsigned int *count, const char **names);
extern SDL_bool SDL_Vulkan_CreateSurface(SDL_Window *window, void *instance, void *surface);
extern void SDL_Vulkan_GetDrawableSize(SDL_Window *window, int *width, int *height);

static const uint32_t csdl_window_flags = SDL_WINDOW_VULKAN | SDL_WINDOW_RESIZABLE;
static const uint32_t csdl_fullscreen_flag = SDL_WINDOW_FULLSCREEN_DESKTOP;

static inline int csdl_centered_on(int display) { return (int)SDL_WINDOWPOS_CENTERED_DISPLAY(display); }

#endif
