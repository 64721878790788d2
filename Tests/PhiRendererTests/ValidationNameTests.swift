import Testing
import VulkanKit

@Suite("Messages of the validation layer")
struct ValidationNameTests {
    @Test("name the objects that they are about")
    func names() throws {
        let log = ValidationLog()
        let instance = try Instance(validationLog: log)
        let device = try Device(instance: instance, physical: try instance.choosePhysicalDevice())
        let image = try Image(device, width: 16, height: 16, format: .rgba8, use: .target, name: "the painted fence")
        let layout = try BindingLayout(device, pushConstantSize: 16)
        let commands = try CommandSlot(device, name: "a test")
        let timeline = try Timeline(device, name: "a test")
        try commands.record(layout: layout) { recorder in
            recorder.labelled("the wrong turn") {
                recorder.transition(image.handle, from: .undefined, to: .copySource)
                // It is in another layout by now.
                recorder.transition(image.handle, from: .shaderRead, to: .colorTarget)
            }
        }
        try commands.submit(signalling: timeline, value: 1)
        try timeline.wait(for: 1)
        let messages = log.take()
        #expect(messages.contains { $0.contains("the painted fence") }, "\(messages)")
        #expect(log.messages.isEmpty, "What was taken is gone.")
    }
}
