import Foundation
import VulkanKit

/// The Vulkan devices of this machine.
enum VulkanExamination {
    static func section() -> DoctorReport.Section {
        var findings: [DoctorReport.Finding] = []
        do {
            let instance = try Instance()
            let devices = try instance.physicalDevices()
            let chosen = try? instance.choosePhysicalDevice()
            for device in devices { findings.append(finding(device, isChosen: device.index == chosen?.index)) }
            if devices.isEmpty { findings.append(missing(.noDriver)) }
            if let chosen, chosen.kind == .software {
                findings.append(
                    DoctorReport.Finding(
                        verdict: .note, what: "drawing is done by the processor, without a GPU",
                        remedy: "With a GPU: install its driver (for NVIDIA, nvidia-driver and libnvidia-gl)."))
            }
            if chosen == nil, !devices.isEmpty { findings.append(missing(.noUsableDevice([]))) }
        } catch {
            findings.append(missing(error))
        }
        return DoctorReport.Section(name: "Vulkan", findings: findings, isEssential: true)
    }

    private static func finding(_ device: PhysicalDevice, isChosen: Bool) -> DoctorReport.Finding {
        let what =
            "device \(device.index): \(device.name), \(device.kind.rawValue), Vulkan \(device.apiVersion), "
            + "\(device.driver), images to \(device.largestImageSide) px"
        guard device.shortcomings.isEmpty else {
            return DoctorReport.Finding(
                verdict: .note, what: "\(what); lacks \(device.shortcomings.joined(separator: " and "))",
                remedy: "A newer driver may have it.")
        }
        return DoctorReport.Finding(verdict: .good, what: what + (isChosen ? " (used by default)" : ""))
    }

    private static func missing(_ error: VulkanError) -> DoctorReport.Finding {
        switch error {
        case .noDriver:
            DoctorReport.Finding(
                verdict: .missing, what: "a Vulkan driver",
                remedy: "apt-get install mesa-vulkan-drivers"
                    + (ProcessInfo.processInfo.environment["VK_DRIVER_FILES"].map { ", or mend VK_DRIVER_FILES=\($0)" }
                        ?? ""))
        default:
            DoctorReport.Finding(
                verdict: .missing, what: "a device for Vulkan 1.3 with dynamic rendering", remedy: error.description)
        }
    }
}
