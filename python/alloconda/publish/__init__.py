"""Uploads a release to a package index: what it is, whether it is right, where it goes, who asks, and what came of it.

`files` and `checks` look at what is to be uploaded, `destination` and `login` at where it goes; `upload` sends it with
twine, and `failures` puts into words what can go wrong on the way.
"""
