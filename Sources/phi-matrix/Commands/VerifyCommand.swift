import ArgumentParser
import Foundation
import ImageVerify

/// Whether pictures are as they have to be.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Draws the golden cases and compares them.",
        discussion:
            "Every case is measured against the domain, and compared with its golden picture. Exit codes: 0 all is as it has "
            + "to be, 1 a case is not, 65 a golden picture or an input is damaged, 74 a file cannot be read or written.",
        subcommands: [VerifyCasesCommand.self, VerifyApproveCommand.self, VerifyVideoCommand.self],
        defaultSubcommand: VerifyCasesCommand.self)
}

/// Draws and compares.
struct VerifyCasesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cases", abstract: "Draws the golden cases and compares them. This is the default.")

    @OptionGroup var golden: GoldenOptions

    @Option(help: ArgumentHelp("Where report.html, report.json and junit.xml are written.", valueName: "dir"))
    var report = "out/verify"

    @Option(help: "Overrides the seeds of the cases: what is left to chance differs, and nothing else.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("Draws the cases in an order that comes from this number.", valueName: "number"))
    var shuffle: UInt64?

    @Flag(help: "Makes golden pictures for the cases that have none. Refused in CI.")
    var updateMissing = false

    @Option(
        help: ArgumentHelp(
            "Verifies pictures of a running server instead: measured, drawn again here, and compared. A token is taken from "
                + "SOUNDLAB_VIEW_TOKEN.", valueName: "http://HOST:PORT"))
    var url: String?

    func validate() throws {
        guard let url else { return }
        guard let parsed = URL(string: url), ["http", "https"].contains(parsed.scheme), parsed.host() != nil else {
            throw ValidationError("'\(url)' is no address of a server; give --url http://HOST:PORT")
        }
        guard golden.globs.isEmpty, golden.manifest == nil, seed == nil, shuffle == nil, !updateMissing else {
            throw ValidationError(
                "A running server has no golden cases; leave out --manifest, --case, --seed, --shuffle and --update-missing"
            )
        }
    }

    func run() async throws {
        if let url = url.flatMap({ URL(string: $0) }) {
            let folder = try ReportFolder(report)
            let outcome = try await LiveCheck(server: url, options: golden).run()
            try folder.write(outcome)
            tell(outcome, [])
            return try end(outcome, [])
        }
        try runCases()
    }

    private func runCases() throws {
        if updateMissing { try GoldenOptions.refuseInPipeline("--update-missing") }
        let manifest = try golden.readManifest()
        let cases = try golden.select(manifest)
        let folder = try ReportFolder(report)
        let run = try golden.run(manifest, seed: seed)
        let outcome = try run.run(cases, shuffle: shuffle)
        try folder.write(outcome)
        var made: Set<String> = []
        if updateMissing {
            var keeper = GoldenKeeper(manifest, try Approvals(folder: manifest.folder), outcome.context)
            for result in outcome.results where result.outcome == .missing {
                try keeper.keep(result, reason: "First picture of this case: \(result.item.why)")
                made.insert(result.item.name)
            }
        }
        tell(outcome, made)
        try end(outcome, made)
    }

    private func tell(_ run: VerificationRun, _ made: Set<String>) {
        for result in run.results where !result.isFine && !made.contains(result.item.name) {
            print("\(result.outcome.rawValue.replacingOccurrences(of: "_", with: " ")): \(result.item.name)")
            for reason in result.reasons.prefix(4) { print("    \(reason)") }
            if result.reasons.count > 4 { print("    … and \(result.reasons.count - 4) more.") }
        }
        for complaint in run.complaints { print("validation: \(complaint)") }
        if !made.isEmpty {
            print("Golden pictures were made for \(made.count) cases; look at them before you commit them.")
        }
        print(run.summary)
        print("Report: \(report)/report.html")
    }

    private func end(_ run: VerificationRun, _ made: Set<String>) throws {
        let broken = run.results.filter { $0.outcome == .error }
        if let first = broken.first(where: \.isInputOutput) ?? broken.first {
            throw CommandError(
                first.isInputOutput ? .inputOutput : .badInput,
                "\(broken.count) of \(run.results.count) cases could not be compared; the first is \(first.item.name): "
                    + (first.reasons.first ?? "no reason is known."))
        }
        let wrong = run.results.filter { !$0.isFine && !made.contains($0.item.name) }
        guard !wrong.isEmpty || run.complaints.isEmpty else {
            throw CommandError(
                .checkFailed,
                "The validation layer complains of what was left at the end; look at \(report)/report.html.")
        }
        guard wrong.isEmpty else {
            throw CommandError(
                .checkFailed,
                "\(wrong.count) of \(run.results.count) cases are not as they have to be; look at \(report)/report.html."
            )
        }
    }
}

/// Makes pictures golden.
struct VerifyApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Makes what is drawn now the golden picture of cases. Refused in CI.")

    @OptionGroup var golden: GoldenOptions

    @Option(help: "Why the picture is right; it is kept with the picture.")
    var reason: String

    func validate() throws {
        guard !golden.globs.isEmpty else { throw ValidationError("Say which picture is right with --case") }
        guard reason.contains(where: \.isLetter) else {
            throw ValidationError("Say with --reason why the picture is right")
        }
    }

    func run() throws {
        try GoldenOptions.refuseInPipeline("Approving")
        let manifest = try golden.readManifest()
        let outcome = try golden.run(manifest).run(try golden.select(manifest))
        var keeper = GoldenKeeper(manifest, try Approvals(folder: manifest.folder), outcome.context)
        for result in outcome.results { print(try keeper.keep(result, reason: reason)) }
    }
}
