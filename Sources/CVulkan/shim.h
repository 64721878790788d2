#ifndef CVULKAN_SHIM_H
#define CVULKAN_SHIM_H

// Handles are completed before the header is read, so that Swift imports each one as a pointer of its own type.
struct VkInstance_T { unsigned char _opaque; };
struct VkPhysicalDevice_T { unsigned char _opaque; };
struct VkDevice_T { unsigned char _opaque; };
struct VkQueue_T { unsigned char _opaque; };
struct VkCommandBuffer_T { unsigned char _opaque; };
#define VK_DEFINE_NON_DISPATCHABLE_HANDLE(object) \
    struct object##_T { unsigned char _opaque; }; \
    typedef struct object##_T *object;
#define VK_USE_64_BIT_PTR_DEFINES 1
#define VK_NULL_HANDLE ((void *)0)
#include <vulkan/vulkan.h>

// Function-like macros are not imported.
static const uint32_t cvk_api_version_1_3 = VK_API_VERSION_1_3;
static inline uint32_t cvk_version_major(uint32_t v) { return VK_API_VERSION_MAJOR(v); }
static inline uint32_t cvk_version_minor(uint32_t v) { return VK_API_VERSION_MINOR(v); }
static inline uint32_t cvk_version_patch(uint32_t v) { return VK_API_VERSION_PATCH(v); }

#endif
