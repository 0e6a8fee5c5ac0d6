"""Prints the number of pages of the PDF on its standard input; run by ``pages`` only.

Arguments: seconds of processor time, bytes of memory, bytes of output.
"""

import sys


def main() -> None:
    seconds, memory, output = (int(argument) for argument in sys.argv[1:])
    try:
        import resource
    except ImportError:  # not on Windows, where only the time is limited, from outside
        pass
    else:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pikepdf

    with pikepdf.open(sys.stdin.buffer) as pdf:
        sys.stdout.write(str(len(pdf.pages)))


if __name__ == "__main__":
    main()
