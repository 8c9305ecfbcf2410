"""The documentation as a site: README and docs/ as they are, nothing is written twice."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

project = "Shield"
html_title = "Shield"
root_doc = "README"
extensions = ["myst_parser"]
include_patterns = ["README.md", "CONTRIBUTING.md", "docs/**.md"]
exclude_patterns = ["**/target"]
source_suffix = {".md": "markdown"}

# Links to headings as GitHub makes them; one that leads nowhere is an error.
myst_heading_anchors = 4
nitpicky = True
suppress_warnings = ["myst.header", "misc.highlighting_failure"]

html_theme = "furo"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
# Excerpts would be fetched, which no browser does from a folder.
html_show_search_summary = False


def pages():
    """All pages in the order in which the README lists them, then those of the decisions."""
    readme = (ROOT / "README.md").read_text()
    listed = re.findall(r"\((docs/[a-z0-9-]+)\.md\)", readme[readme.index("## More"):])
    return list(dict.fromkeys(listed)) + ["CONTRIBUTING", "docs/decisions/README"]


def add_contents(app, docname, source):
    """What stands at the side; the pages themselves need no such list on GitHub."""
    if docname == "README":
        entries = "\n".join(pages())
        source[0] += f"\n```{{toctree}}\n:hidden:\n\n{entries}\n```\n"
        if "SITE_JAVADOC" in os.environ:
            last = "- [Contributing]"
            source[0] = source[0].replace(last, '- <a href="javadoc/index.html">Javadoc</a>\n' + last)
    elif docname == "docs/decisions/README":
        source[0] += "\n```{toctree}\n:glob:\n\n[0-9]*\n```\n"


def setup(app):
    app.connect("source-read", add_contents)
