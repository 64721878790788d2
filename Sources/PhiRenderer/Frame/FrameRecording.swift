import PhiModel
import VulkanKit

extension FrameRenderer {
    /// Records a whole frame: light, shapes, text, mark, read-back, presentation.
    func record(_ recorder: CommandRecorder, _ slot: FrameSlot, _ content: FrameContent, isPresenting: Bool) {
        recorder.reset(slot.timestamps)
        recorder.write(slot.timestamps, 0)
        let drawsOutgoing = content.outgoing.map { !$0.isRetained } ?? false
        recorder.labelled("light") {
            if drawsOutgoing { slot.pictures[1].recordLight(recorder, brushes) }
            slot.pictures[0].recordLight(recorder, brushes)
        }
        if drawsOutgoing {
            recorder.labelled("outgoing picture") {
                record(slot.pictures[1], into: slot.outgoing, slot, recorder)
                recorder.endRendering()
                recorder.transition(slot.outgoing.image.handle, from: .colorTarget, to: .shaderRead)
            }
        }
        recorder.labelled("picture") { record(slot.pictures[0], into: slot.target, slot, recorder) }
        if let outgoing = content.outgoing {
            recorder.labelled("blend") {
                slot.blending.record(
                    recorder, brushes, style: outgoing.style, progress: outgoing.progress.clamped(to: 0...1),
                    width: Double(options.width), height: Double(options.height))
            }
        }
        slot.pictures[0].recordMark(recorder, brushes)
        recorder.endRendering()
        recorder.transition(slot.target.image.handle, from: .colorTarget, to: .copySource)
        recorder.write(slot.timestamps, 1)
        if slot.readbackSlot >= 0 {
            recorder.labelled("read back") { readback.copy(slot.target.image, to: slot.readbackSlot, recorder) }
        }
        recorder.write(slot.timestamps, 2)
        if isPresenting { presenter?.record(recorder, slot.target.image) }
    }

    /// Records one picture, and leaves the rendering into `layer` open.
    private func record(
        _ picture: PictureSlot, into layer: FrameSlot.Layer, _ slot: FrameSlot, _ recorder: CommandRecorder
    ) {
        let image = layer.image.handle
        if picture.scale < 1 {
            recordReduced(picture, into: layer, slot.reduced, recorder)
        } else {
            recorder.transition(image, from: .undefined, to: .colorTarget)
            picture.recordShapes(recorder, brushes, into: layer.image)
        }
        picture.recordText(recorder, brushes)
    }

    /// Shapes at reduced resolution, scaled up; what follows is drawn over them at full resolution.
    private func recordReduced(
        _ picture: PictureSlot, into layer: FrameSlot.Layer, _ reduced: FrameSlot.Layer, _ recorder: CommandRecorder
    ) {
        // Another picture of the frame may have been scaled up from it.
        recorder.transition(reduced.image.handle, from: .copySource, to: .colorTarget, isDiscarding: true)
        picture.recordShapes(recorder, brushes, into: reduced.image)
        recorder.endRendering()
        recorder.transition(reduced.image.handle, from: .colorTarget, to: .copySource)
        recorder.transition(layer.image.handle, from: .undefined, to: .copyDestination)
        recorder.blit(
            from: reduced.image.handle, width: picture.reducedWidth, height: picture.reducedHeight,
            to: layer.image.handle, targetWidth: layer.image.width, targetHeight: layer.image.height)
        recorder.transition(layer.image.handle, from: .copyDestination, to: .colorTarget)
        recorder.resumeRendering(into: layer.image, width: layer.image.width, height: layer.image.height)
    }
}
