import ArgumentParser
struct Serve: AsyncParsableCommand {}
