"""``python -m api.cli``: the same as ``hoso``; how the supervisor starts its children."""

from api.cli import main

if __name__ == "__main__":
    main()
