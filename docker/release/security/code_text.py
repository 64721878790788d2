"""Source text split into code and comments, so that neither strings nor comments are taken for calls."""

import re
from dataclasses import dataclass, field

# What an operand may come after; a slash there begins a regular expression.
BEFORE_OPERAND = set("(=,:[{!&|?;<>+-*%^~\n")


@dataclass
class CodeText:
    code: str = ""  # as long as the source, with comments and the inside of strings blank
    comments: dict = field(default_factory=dict)  # line -> text
    strings: list = field(default_factory=list)  # (line, text)

    def lines(self):
        return self.code.split("\n")


def read(source, language):
    return Reader(source, language).read()


class Reader:
    def __init__(self, source, language):
        self.source, self.language = source, language
        self.place, self.out, self.found = 0, [], CodeText()

    def read(self):
        self.code(until=None)
        self.found.code = "".join(self.out)
        return self.found

    def line(self, place=None):
        return self.source.count("\n", 0, self.place if place is None else place) + 1

    def take(self, count=1):
        self.out.append(self.source[self.place:self.place + count])
        self.place += count

    def blank(self, end):
        self.out.append(re.sub(r"[^\n]", " ", self.source[self.place:end]))
        self.place = end

    def code(self, until):
        """Up to the bracket that closes an interpolation, or to the end."""
        depth = 0
        while self.place < len(self.source):
            here = self.source[self.place]
            if self.source.startswith("//", self.place):
                self.line_comment()
            elif self.source.startswith("/*", self.place):
                self.block_comment()
            elif here in self.quotes() or (self.language == "swift" and re.compile(r'#+"').match(self.source, self.place)):
                self.string()
            elif here == "#" and self.language == "swift" and re.compile("#+/").match(self.source, self.place):
                self.extended_regular_expression()
            elif here == "/" and self.language != "c" and self.begins_expression():
                self.regular_expression()
            elif until and here == until and depth == 0:
                return
            else:
                depth += (here in "({") - (here in ")}") if until else 0
                self.take()

    def quotes(self):
        return {"swift": '"', "c": "\"'", "js": "\"'`"}[self.language]

    def note(self, start, text):
        for offset, line in enumerate(text.split("\n")):
            number = self.line(start) + offset
            self.found.comments[number] = (self.found.comments.get(number, "") + " " + line.strip("/* \t")).strip()

    def line_comment(self):
        end = self.source.find("\n", self.place)
        end = len(self.source) if end < 0 else end
        self.note(self.place, self.source[self.place:end])
        self.blank(end)

    def block_comment(self):
        end, depth = self.place + 2, 1
        while depth and end < len(self.source):
            if self.language == "swift" and self.source.startswith("/*", end):
                depth, end = depth + 1, end + 2
            elif self.source.startswith("*/", end):
                depth, end = depth - 1, end + 2
            else:
                end += 1
        self.note(self.place, self.source[self.place:end])
        self.blank(end)

    def string(self):
        hashes = re.compile("#*").match(self.source, self.place)[0]
        self.take(len(hashes))
        quote = self.source[self.place]
        if self.language == "swift" and self.source.startswith('"""', self.place):
            quote = '"""'
        many_lines = quote in ('"""', "`")
        escape = "\\" + hashes
        opening = "${" if quote == "`" else escape + "(" if self.language == "swift" else None
        self.take(len(quote))
        start, text = self.line(), []
        while self.place < len(self.source):
            if self.source.startswith(quote + hashes, self.place):
                self.take(len(quote + hashes))
                break
            if self.source[self.place] == "\n" and not many_lines:
                break
            if opening and self.source.startswith(opening, self.place):
                self.take(len(opening))
                self.code(until=")" if opening.endswith("(") else "}")
                self.take()
            elif self.source.startswith(escape, self.place):
                text.append(self.source[self.place:self.place + len(escape) + 1])
                self.blank(self.place + len(escape) + 1)
            else:
                text.append(self.source[self.place])
                self.blank(self.place + 1)
        self.found.strings.append((start, "".join(text)))

    def begins_expression(self):
        before = "".join(self.out[-40:]).rstrip(" ")
        after = self.source[self.place + 1:self.place + 2]
        word = re.search(r"(\w+)$", before)
        operand = not before or before[-1] in BEFORE_OPERAND or (word and word[1] in ("return", "in", "case", "of", "typeof"))
        return operand and after not in (" ", "\n", "/", "*", "")

    def extended_regular_expression(self):
        hashes = re.compile("#+").match(self.source, self.place)[0]
        end = self.source.find("/" + hashes, self.place + len(hashes) + 1)
        self.blank(len(self.source) if end < 0 else end + 1 + len(hashes))

    def regular_expression(self):
        end, in_class = self.place + 1, False
        while end < len(self.source) and self.source[end] != "\n":
            here = self.source[end]
            if here == "\\":
                end += 1
            elif here in "[]":
                in_class = here == "["
            elif here == "/" and not in_class:
                break
            end += 1
        if self.source[end:end + 1] == "/":
            self.take()
            self.blank(end)
        self.take()
