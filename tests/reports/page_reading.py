"""The page as a file: its structure, and its data as its script reads it, told again in Python."""

import base64
import json
import re
import struct
import zlib
from html.parser import HTMLParser

PACKED = re.compile(
    r'<script type="application/octet-stream" id="data-([A-Za-z0-9]+|people)">([A-Za-z0-9+/=]*)</script>'
)
TYPES = {1: "B", 2: "H", 4: "I"}


class Reading(HTMLParser):
    """What a browser would see of the page's structure."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.inside = [], [], [], []
        self.blocks = {"script": [], "style": []}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.inside.append((tag, dict(attrs)))
        if tag in self.blocks:
            self.blocks[tag].append([dict(attrs), ""])

    def handle_data(self, data):
        tag = self.inside[-1][0] if self.inside else ""
        if self.blocks.get(tag):
            self.blocks[tag][-1][1] += data
        else:
            self.text.append(data)

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop()[0] != tag:
            pass


class Data:
    """The parts of one block of packed data; the last describes the others."""

    def __init__(self, text):
        content, self.parts, at = zlib.decompress(base64.b64decode(text, validate=True)), [], 0
        while at < len(content):
            length, width = struct.unpack_from("<II", content, at)
            self.parts.append((width, content[at + 8 : at + 8 + length]))
            at += 8 + length + -length % 4
        self.head = json.loads(self.parts[-1][1])

    def numbers(self, part):
        width, content = self.parts[part]
        return list(struct.unpack(f"<{len(content) // width}{TYPES[width]}", content))

    def words(self, about):
        """The words of a column, row by row."""
        words = json.loads(self.parts[about["words"]][1])
        assert len(words) == about["count"]
        return [words[number] for number in self.numbers(about["numbers"])]

    def different(self, about):
        return json.loads(self.parts[about["words"]][1])

    def table(self):
        """The rows of a list, by the keys of its columns."""
        keys = [one["key"] for one in self.head["columns"]]
        rows = zip(*(self.words(one) for one in self.head["columns"]), strict=True)
        return [dict(zip(keys, row, strict=True)) for row in rows]

    def findings(self):
        """(rule, user's id, status, reason, observed) of each finding, in order; the tenant has no id."""
        head, ids = self.head, self.words(self.head["ids"])
        listed, verdicts, found = set(head["listed"]), head["verdicts"], []
        seen = [self.words(one["observed"]) if "observed" in one else None for one in head["fields"]]
        for rule in head["rules"]:
            if "tenant" in rule:
                one = rule["tenant"]
                if one["verdict"] in listed:
                    found.append((rule["id"], "", verdicts[one["verdict"]], one["reason"], one["observed"]))
                continue
            reasons = self.words(rule["reasons"])
            for user, verdict in enumerate(self.numbers(rule["verdicts"])):
                if verdict in listed:
                    observed = "; ".join(seen[field][user] for field in rule["observes"])
                    found.append((rule["id"], ids[user], verdicts[verdict], reasons[user], observed))
        return found


def data_of(page, name):
    """The data of one list, or of the people."""
    (found,) = [text for found, text in PACKED.findall(page) if found == name]
    return Data(found)
