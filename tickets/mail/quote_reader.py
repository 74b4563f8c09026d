"""Goes through the lines of a mail from the top and marks those that only repeat what was written before."""

import re

from tickets.mail import quote_words as words
from tickets.mail.device_words import REPLY_ABOVE
from tickets.mail.marks import ATTRIBUTION, LINES, QUOTE_END, QUOTE_RULE, QUOTE_START
from tickets.mail.quote_headers import header_block, label_of
from tickets.mail.quote_introductions import (
    LONGEST,
    ends_introduction,
    introduces_in_line,
    introduction_start,
    stands_before_marks,
    strength,
)
from tickets.mail.quote_marks import closes_introduction, is_marked, is_prompt, run_end, without_marks_of

NEW, QUOTE = "n", "q"
_RULE = re.compile(r"\s{0,3}(?:[-_=—–~*]{3,}|(?:\*\s){2}\*)\s{0,3}$")
_WRAPPED_TITLE = re.compile(r"\s{0,3}[-_=—*]{2,}\s{0,3}\S[^\n]{0,70}?\s{0,3}[-_=—*]{2,}\s{0,3}:?$")
_ONE_SIDED = re.compile(r"[-_=—–*]{1,3}\s?[^\W\d_][^-_=—–*:：]*$")
_TRIES = 400  # how many lines that might introduce a quote are looked at closely


class QuoteReader:
    """Reads the lines once; afterwards `kinds` says of each what it is."""

    def __init__(self, lines: list[str], subject: str) -> None:
        """Take the lines and the subject, which says whether the mail is an answer or was sent on."""
        self.lines = lines
        self.kinds = [NEW] * len(lines)
        self.is_forward = False
        self.forward_subject = bool(words.FORWARD_SUBJECT.match(subject))
        self.is_reply = bool(words.REPLY_SUBJECT.match(subject))
        self.next_text = self._next_text()
        self.tries = _TRIES
        self.last_text = -1  # the last line above with text
        self.seen_new = False  # is there new text above
        self.introduced = -1  # where history surely begins
        self.pasted: list[tuple[int, int]] = []  # marked lines that nothing introduces

    def read(self) -> None:
        """Mark quoted lines."""
        index = 0
        while index < len(self.lines):
            following = self._step(index)
            for passed in range(following - 1, index - 1, -1):
                if self._has_text(passed):
                    self.last_text = passed
                    break
            index = following
        self._show_pasted()

    def _has_text(self, index: int) -> bool:
        line = self.lines[index]
        return bool(line) and line not in LINES and not line.isspace()

    def _next_text(self) -> list[int]:
        """For each line, the index of the next line with text after it."""
        following = [len(self.lines)] * (len(self.lines) + 1)
        last = len(self.lines)
        for index in range(len(self.lines) - 1, -1, -1):
            following[index] = last
            if self._has_text(index):
                last = index
        return following

    def _step(self, index: int) -> int:
        line = self.lines[index]
        if not line or line.isspace():
            return index + 1
        if line in LINES:
            return self._container(index, line) if line != QUOTE_END else index + 1
        if line[0] == ATTRIBUTION:
            return self._attributed(index, line)
        if is_marked(self.lines, index) and not self._closes(index):
            return self._marked(index)
        end = self._titled(index, line) or self._headed(index, line) or self._introduced(index, line)
        if end:
            return end
        self.seen_new = True
        return index + 1

    # What the mail program itself said

    def _attributed(self, index: int, line: str) -> int:
        if words.is_forward_title(line[1:]):
            return self._forward()
        self._quote(index, index + 1)
        return index + 1

    def _container(self, index: int, mark: str) -> int:
        """Fold what the mail program itself marked as history."""
        follower = self.next_text[index]
        headers_end = header_block(self.lines, follower, 2)
        if follower < len(self.lines):
            if words.is_forward_title(self.lines[follower].lstrip(ATTRIBUTION)):
                return self._forward()
            if self.forward_subject and (headers_end or mark != QUOTE_START):
                return self._forward()
        if mark == QUOTE_RULE and not headers_end:
            return index + 1  # a ruled box, not an Outlook header
        end = len(self.lines) if mark != QUOTE_START else self._container_end(index)
        if mark != QUOTE_START and headers_end and not self.seen_new:
            end = headers_end  # what follows may be the answer
        self._quote(index, end)
        return end

    def _container_end(self, index: int) -> int:
        depth = 0
        for end in range(index, len(self.lines)):
            depth += (self.lines[end] == QUOTE_START) - (self.lines[end] == QUOTE_END)
            if depth == 0:
                return end + 1
        return len(self.lines)

    # Lines with quote marks

    def _closes(self, index: int) -> bool:
        """Tell whether the mark is the end of an address that began on the line before."""
        return self.last_text >= 0 and closes_introduction(self.lines[self.last_text], self.lines[index])

    def _marked(self, index: int) -> int:
        """Fold lines with quote marks; what nothing introduces may have been pasted by the writer."""
        end = run_end(self.lines, index)
        inside = without_marks_of(self.lines[index : min(end, index + 8)])
        first = next((line for line in inside if line.strip()), "")
        introduced = self.introduced >= 0 or self._is_introduced(inside)
        if not introduced:
            if words.is_forward_title(first) or self._heads_forward(inside):
                return self._forward()
            self.pasted.append((index, end))
        self.kinds[index:end] = [QUOTE] * (end - index)
        if introduced:
            self.introduced = index if self.introduced < 0 else self.introduced
        return end

    def _heads_forward(self, inside: list[str]) -> bool:
        """Tell whether quoted lines begin with the header of a mail: below a title without a date it was sent on."""
        texts = [line for line in inside if line.strip()]
        if not texts:
            return False
        if label_of(texts[0]) or words.is_original_title(texts[0]):
            return self.forward_subject and bool(header_block(texts, 0, 2) or header_block(texts, 1, 2))
        is_title = len(texts[0]) < 80 and texts[0].rstrip().endswith((":", "：")) and not words.DATE.search(texts[0])
        return is_title and bool(header_block(texts, 1, 3))

    def _is_introduced(self, inside: list[str]) -> bool:
        """Tell whether the line above, or the first of the quoted lines, introduces them."""
        above = self.last_text
        if above >= 0 and self.kinds[above] == NEW and stands_before_marks(self.lines[above]):
            self._quote(above, above + 1)
            return True
        head = " ".join(inside[:3]).strip()
        return any(strength(text) == 2 for text in (head[:300], *inside[:3]) if text and ends_introduction(text))

    def _show_pasted(self) -> None:
        """Show what the writer pasted: marked lines above where history begins, or amid a mail that is no reply."""
        own = (
            [at for at in range(len(self.lines)) if self.kinds[at] == NEW and self._has_text(at)] if self.pasted else []
        )
        may_be_amid = bool(own) and not self.is_reply and self.introduced < 0
        for start, end in self.pasted:
            amid = may_be_amid and own[0] < start and end <= own[-1]
            if self.introduced >= end or amid or is_prompt(self.lines[start:end]):
                self.kinds[start:end] = [NEW] * (end - start)

    # Lines that say what follows

    def _titled(self, index: int, line: str) -> int:
        """Handle a line that says outright what follows: original, forwarded, reply above."""
        if len(line) > 300:
            return 0
        stripped = line.strip()
        if REPLY_ABOVE.match(stripped) or words.is_unframed_title(stripped):
            self._quote(index, len(self.lines))
            return len(self.lines)
        framed = len(stripped) < 110 and (stripped[0] in "-\u2010\u2011\u2012_=—–*>[" or stripped.endswith((":", "：")))
        if not framed:
            return 0
        if words.is_forward_title(stripped):
            return self._forward()
        if words.is_original_title(stripped) and not _ONE_SIDED.match(stripped):
            return self._history(index, header_block(self.lines, self.next_text[index], 1) or index + 1)
        return self._ruled(index, line)

    def _ruled(self, index: int, line: str) -> int:
        """Handle a line of dashes, or an unknown title between dashes: it belongs to the header that follows it."""
        is_rule = bool(_RULE.match(line))
        if not is_rule and not _WRAPPED_TITLE.match(line):
            return 0
        follower = self.next_text[index]
        end = header_block(self.lines, follower, 2) if follower - index <= 3 else 0
        if end:
            return self._history(index, end)
        if is_rule and self.tries and self._introduction_end(follower):
            self.kinds[index] = QUOTE
        return 0

    def _headed(self, index: int, line: str) -> int:
        """Fold the header lines of a quoted mail and what they head."""
        if not self.tries or len(line) > 300 or label_of(line) is None:
            return 0
        self.tries -= 1
        end = header_block(self.lines, index, 3)
        return self._history(index, end) if end else 0

    def _introduced(self, index: int, line: str) -> int:
        """Fold a line such as `On ... somebody wrote:` that ends here, and what it introduces."""
        if not self.tries or len(line) > LONGEST:
            return 0
        if not ends_introduction(line):
            if "@" in line and introduces_in_line(line):
                self._quote(index, len(self.lines))
                return len(self.lines)
            return 0
        self.tries -= 1
        start = introduction_start(self.lines, index, self._floor(index))
        if start is None:
            return 0
        follower = self.next_text[index]
        if follower < len(self.lines) and is_marked(self.lines, follower):
            self._quote(start, index + 1)
            return index + 1
        if strength(" ".join(line.strip() for line in self.lines[start : index + 1])) < 2:
            return 0
        return self._fold_from(start, index + 1)

    def _floor(self, index: int) -> int:
        """Return the first of the new lines that stand together with this one."""
        floor = index
        while floor > 0 and index - floor < 5 and self.kinds[floor - 1] == NEW and self.lines[floor - 1] not in LINES:
            floor -= 1
        return floor

    def _introduction_end(self, start: int) -> int:
        for index in range(start, min(start + 4, len(self.lines))):
            line = self.lines[index].rstrip()
            if not line:
                return 0
            if ends_introduction(line) and strength(" ".join(self.lines[start : index + 1])) >= 2:
                return index + 1
        return 0

    # What follows from it

    def _forward(self) -> int:
        """A forwarded mail is news to us: all that follows stays."""
        self.is_forward = True
        return len(self.lines)

    def _history(self, start: int, end: int) -> int:
        finnish = any("lähettäjä" in line.lower() for line in self.lines[start:end])  # whose VS: is an answer
        if self.forward_subject and not finnish:
            return self._forward()
        return self._fold_from(start, end)

    def _fold_from(self, start: int, end: int) -> int:
        """Fold what introduces history, and the history: to the end of the mail, unless it has quote marks.

        Where nothing new stands above, what follows may be the answer, and stays.
        """
        nearby = range(end, min(len(self.lines), self.next_text[end - 1] + 4))
        if not self.seen_new or any(is_marked(self.lines, index) for index in nearby):
            self._quote(start, end)
            return end
        self._quote(start, len(self.lines))
        return len(self.lines)

    def _quote(self, start: int, end: int) -> None:
        self.kinds[start:end] = [QUOTE] * (end - start)
        if self.introduced < 0:
            self.introduced = start
