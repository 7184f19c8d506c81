#!/usr/bin/env python3
"""Every piece of C++ in the pages of docs/how-to stands, line by line, in a program that the tests build and run.

    check_pages.py REPOSITORY        exit status 1, and the pieces, if one does not
    check_pages.py --self-test

Indentation, empty lines and comments at the ends of lines may differ; a line with an ellipsis stands for any lines.
"""
import glob
import os
import re
import sys
import tempfile

BLOCK = re.compile(r"```(?:cpp|c\+\+)\n(.*?)```", re.S)
PROGRAMS = ["docs/how-to/*/*.cc", "docs/tutorial/*/*.cc"]


def lines_of(text):
    # A // within a string is none of ours: there is no such string in the pages.
    return [line for line in (re.sub(r"(^|\s)//.*", "", line).strip() for line in text.split("\n")) if line]


def has(program, piece):
    """Whether the lines of the piece follow one another in the program."""
    parts, part = [], []
    for line in piece:
        if "…" in line:
            parts.append(part)
            part = []
        else:
            part.append(line)
    parts.append(part)
    at = 0
    for part in parts:
        place = next((i for i in range(at, len(program) - len(part) + 1) if program[i : i + len(part)] == part), None)
        if place is None:
            return False
        at = place + len(part)
    return True


def missing(root):
    programs = [lines_of(open(p, encoding="utf-8").read()) for g in PROGRAMS for p in glob.glob(os.path.join(root, g))]
    found = []
    for page in sorted(glob.glob(os.path.join(root, "docs/how-to/*.md"))):
        for block in BLOCK.findall(open(page, encoding="utf-8").read()):
            if not any(has(program, lines_of(block)) for program in programs):
                found.append(f"{os.path.relpath(page, root)}: in no program that is built and run:\n{block}")
    return found


def self_test():
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, "docs/how-to/a"))
        program, page = os.path.join(root, "docs/how-to/a/a.cc"), os.path.join(root, "docs/how-to/a.md")
        open(program, "w").write("int main() {\n  int x = 1;  // one\n\n  return x;\n}\n")
        for block, count in [("int x = 1;\nreturn x;", 0), ("int main() {\n…\n}", 0), ("int x = 1;  // why\n", 0),
                             ("return x;\nint x = 1;", 1), ("int x = 2;", 1)]:
            open(page, "w").write(f"# A page\n\n```cpp\n{block}\n```\n")
            assert len(missing(root)) == count, block
    print("ok")


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        self_test()
    else:
        pieces = missing(sys.argv[1])
        print("\n".join(pieces) if pieces else "Every piece of C++ is in a program.")
        sys.exit(1 if pieces else 0)
