"""EPUB 2 and 3 to a book.

See EPUB 3.3, https://www.w3.org/TR/epub-33/, and OPF 2.0.1, https://idpf.org/epub/20/spec/.
"""

from narrator.read.epub.reader import read_epub

__all__ = ["read_epub"]
