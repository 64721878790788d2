import VulkanKit

extension FrameRenderer {
    /// Records a whole frame: shapes, text, read-back, presentation.
    func record(_ recorder: CommandRecorder, _ slot: FrameSlot, isPresenting: Bool) {
        recorder.reset(slot.timestamps)
        recorder.write(slot.timestamps, 0)
        recorder.bind(slot.bindings)
        recorder.transition(
            slot.target.handle, from: .undefined, to: slot.reduced == nil ? .colorTarget : .copyDestination)
        if let reduced = slot.reduced {
            recordReduced(recorder, slot, reduced)
        } else {
            recorder.beginRendering(into: slot.target, width: slot.target.width, height: slot.target.height)
            recordShapes(recorder, slot)
            recordText(recorder, slot)
            recorder.endRendering()
        }
        recorder.transition(slot.target.handle, from: .colorTarget, to: .copySource)
        recorder.write(slot.timestamps, 1)
        if slot.readbackSlot >= 0 { readback.copy(slot.target, to: slot.readbackSlot, recorder) }
        recorder.write(slot.timestamps, 2)
        if isPresenting { presenter?.record(recorder, slot.target) }
    }

    /// Shapes at reduced resolution, scaled up; text over them at full resolution.
    private func recordReduced(_ recorder: CommandRecorder, _ slot: FrameSlot, _ reduced: ReducedImage) {
        recorder.transition(reduced.image.handle, from: .undefined, to: .colorTarget)
        recorder.beginRendering(into: reduced.image, width: reduced.image.width, height: reduced.image.height)
        recordShapes(recorder, slot)
        recorder.endRendering()
        recorder.transition(reduced.image.handle, from: .colorTarget, to: .copySource)
        recorder.blit(
            from: reduced.image.handle, width: reduced.image.width, height: reduced.image.height,
            to: slot.target.handle, targetWidth: slot.target.width, targetHeight: slot.target.height)
        recorder.transition(slot.target.handle, from: .copyDestination, to: .colorTarget)
        recorder.resumeRendering(into: slot.target, width: slot.target.width, height: slot.target.height)
        recordText(recorder, slot)
        recorder.endRendering()
    }

    private func recordShapes(_ recorder: CommandRecorder, _ slot: FrameSlot) {
        brushes.bind(.background, recorder)
        recorder.draw(vertices: 3)
        recorder.bindInstances(slot.upload, offset: FrameSlot.instanceOffset)
        for index in 0..<list.batchCount {
            let batch = list.batch(index)
            brushes.bind(batch.brush, recorder)
            if batch.brush == .ribbon {
                recorder.push(batch.ribbon)
                recorder.draw(vertices: 2 * batch.count)
            } else {
                recorder.draw(vertices: 4, instances: batch.count, firstInstance: batch.first)
            }
        }
    }

    private func recordText(_ recorder: CommandRecorder, _ slot: FrameSlot) {
        guard list.glyphCount > 0 else { return }
        brushes.bind(.glyph, recorder)
        recorder.bindInstances(slot.upload, offset: FrameSlot.instanceOffset)
        recorder.draw(vertices: 4, instances: list.glyphCount, firstInstance: DrawList.shapeCapacity)
    }
}
