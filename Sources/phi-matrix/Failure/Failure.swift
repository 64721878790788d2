import ArgumentParser
import ControlInput
import FrameCodec
import FrameServer
import Foundation
import PNGCodec
import ImageVerify
import PhiDisplay
import PhiEngine
import PhiModel
import PhiRenderer
import ServerProbe
import SessionStore
import TarArchive
import VulkanKit

/// How an error ends the program: one sentence on stderr and an exit code.
struct Failure {
    let status: ExitStatus
    /// Nil where everything was said already, or nothing is wrong.
    let message: String?
    /// Text that was asked for, such as help.
    let output: String?

    init(_ error: any Error) {
        switch error {
        case let error as CommandError:
            self.init(error.status, error.description)
        case let error as EngineError:
            self.init(Self.status(of: error.kind), error.description)
        case let error as RendererError:
            self.init(Self.status(of: error), error.description)
        case let error as VulkanError:
            self.init(Self.status(of: .vulkan(error)), error.description)
        case let error as ServerError:
            self.init(.unavailable, error.description)
        case let error as MIDIError:
            self.init(.unavailable, error.description)
        case let error as OSCListenerError:
            self.init(.unavailable, error.description)
        case let error as CertificateError:
            if case .unreadable = error {
                self.init(.inputOutput, error.description)
            } else {
                self.init(.badInput, error.description)
            }
        case let error as AuditLog.Unwritable:
            self.init(.inputOutput, error.description)
        case let error as ProbeError:
            self.init(Self.status(of: error), error.description)
        case let error as DisplayError:
            self.init(Self.status(of: error), error.description)
        case let error as CodecError:
            self.init(.internal, error.description)
        case let error as ContainerError:
            self.init(Self.status(of: error), error.description)
        case let error as ImageFileError:
            self.init(Self.status(of: error), error.description)
        case let error as ManifestError:
            self.init(.badInput, error.description)
        case let error as PNGError:
            self.init(.internal, "The picture \(error).")
        case let error as SessionError:
            self.init(error.isConflict ? .checkFailed : .inputOutput, error.description)
        case let error as BackupError:
            self.init(error.isBadInput ? .badInput : .inputOutput, error.description)
        case let error as ArchiveError:
            self.init(Self.status(of: error), error.description)
        case let error as PresetError:
            self.init(.badInput, error.description)
        default:
            self.init(commandLine: error)
        }
    }

    private init(_ status: ExitStatus, _ message: String?) {
        self.status = status
        self.message = message
        output = nil
    }

    /// Errors of the argument parser, and what nobody foresaw.
    private init(commandLine error: any Error) {
        let code = PhiMatrix.exitCode(for: error)
        if code.isSuccess {
            status = .done
            message = nil
            output = PhiMatrix.fullMessage(for: error)
        } else if code == .validationFailure {
            status = .usage
            let text = PhiMatrix.message(for: error).trimmingCharacters(in: .whitespacesAndNewlines)
            let sentence = text.hasSuffix(".") ? text : text + "."
            message = "\(sentence) See 'phi-matrix help\(Self.commandGiven.map { " \($0)" } ?? "")'."
            output = nil
        } else {
            status = ExitStatus(rawValue: code.rawValue).flatMap { $0 == .checkFailed ? .internal : $0 } ?? .internal
            // An exit code alone comes from a command that has said everything itself.
            message = error is ExitCode ? nil : "\(error)"
            output = nil
        }
    }

    /// The command on the command line, if there is one of that name.
    private static var commandGiven: String? {
        CommandLine.arguments.dropFirst().first { argument in
            PhiMatrix.configuration.subcommands.contains { $0.configuration.commandName == argument }
        }
    }

    private static func status(of kind: EngineError.Kind) -> ExitStatus {
        switch kind {
        case .usage: .usage
        case .badInput: .badInput
        case .unreadableInput: .inputOutput
        case .internal: .internal
        }
    }

    private static func status(of error: RendererError) -> ExitStatus {
        switch error {
        case .vulkan(.unknownDevice), .tooLarge, .unknownScene: .usage
        case .vulkan(.noDriver), .vulkan(.noUsableDevice), .vulkan(.layerMissing), .noFont, .unreadableFont:
            .unavailable
        case .vulkan, .allBuffersBusy: .internal
        }
    }

    private static func status(of error: ImageFileError) -> ExitStatus {
        switch error {
        case .badPicture: .badInput
        case .unreadable, .unwritable: .inputOutput
        }
    }

    private static func status(of error: ContainerError) -> ExitStatus {
        switch error {
        case .unknownFormat: .usage
        case .notVideo: .badInput
        case .unwritable, .timedOut, .unreadable: .inputOutput
        case .unsuitable, .empty: .internal
        }
    }

    private static func status(of error: ArchiveError) -> ExitStatus {
        switch error {
        case .unwritable, .unreadable: .inputOutput
        case .damaged, .refused: .badInput
        }
    }

    private static func status(of error: ProbeError) -> ExitStatus {
        switch error {
        case .badAddress: .usage
        case .badCertificates: .inputOutput
        case .unreachable: .unavailable
        case .status, .unexpected: .checkFailed
        }
    }

    private static func status(of error: DisplayError) -> ExitStatus {
        switch error {
        case .unknownDisplay: .usage
        case .noVideo, .noWindow: .unavailable
        }
    }

    /// Says what is to be said and ends the program.
    func exit() -> Never {
        if let output { print(output) }
        if let message { try? FileHandle.standardError.write(contentsOf: Data("phi-matrix: \(message)\n".utf8)) }
        Foundation.exit(status.rawValue)
    }
}
