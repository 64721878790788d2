// VulkanKit
