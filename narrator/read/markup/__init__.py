"""What the readers of marked-up formats share: a tree of HTML elements to chapters of text.

How the text of a chapter relates to the file
    It is the text of the file's elements, in their order, as one paragraph per block with a blank
    row between. White space is collapsed as a browser does; a line that the markup breaks (verse,
    an address) is a row. Italics are ``_so_``, bold is ``**so**``, a ruled line or a named scene
    break is ``* * *``. Invisible characters are gone and ligatures are letters.

What is not spoken
    Stays in the text, as a `narrator.model.Skip` with its reason: navigation, title and copyright
    pages, contents, notes. What stands in the middle of a paragraph (the number of a page or of a
    note) would tear it apart; it is moved to the end of its chapter. What is no text at all stays
    out: scripts, style sheets, comments, the addresses of links, the head of a page.

So the ledger of a book counts every character that any of its pages shows.
"""
