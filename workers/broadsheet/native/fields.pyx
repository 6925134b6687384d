# cython: language_level=3, boundscheck=False, wraparound=False
"""First looks for the fields of a page: what a text cannot be, told in one pass before any pattern is asked; and the
loops over all elements or many blocks. `text.dates` and `text.person` ask them first.
"""

from cpython.list cimport PyList_GET_ITEM, PyList_GET_SIZE
from cpython.tuple cimport PyTuple_Check, PyTuple_GET_ITEM, PyTuple_GET_SIZE
from cpython.unicode cimport (
    PyUnicode_Check, PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, Py_UNICODE_ISALPHA,
    Py_UNICODE_ISSPACE, Py_UNICODE_ISUPPER, Py_UNICODE_TODECIMAL, Py_UNICODE_TOLOWER, Py_UNICODE_TOUPPER,
)

from broadsheet.native.characters cimport Char, Chars, at, chars_of, digit, lower, mark, read_digit, space, upper

cdef enum:
    ISO = 1             # as in text.dates
    SLASHED = 2
    IDEOGRAPHS = 4
    DAY_FIRST = 8
    MONTH_FIRST = 16
    NUMBERS = 32
    LED = 1             # as in text.person
    ALONE = 2
    BY_CAPITALS = 1
    BY_SCRIPT = 2
    TEXT = 0            # places in blocks.tree.Run
    OWNER = 1
    LINKS = 3
    INLINE = 4
    TAG = 0             # and in Element
    PARENT = 1
    FIRST = 3
    HINTS = 5


cdef bint three_numbers(Chars chars, Py_ssize_t end) noexcept:
    """Whether a run of digits that ends there is the first of three numbers with marks between: `_NUMBERS`."""
    cdef Py_ssize_t digits = past_mark(chars, end), i = digits
    if digits < 0:
        return False
    while i < digits + 2 and digit(at(chars, i)) >= 0:
        i += 1
    if i == digits:
        return False
    i = past_mark(chars, i)
    return i >= 0 and digit(at(chars, i)) >= 0 and digit(at(chars, i + 1)) >= 0


cdef inline Py_ssize_t past_mark(Chars chars, Py_ssize_t i) noexcept:
    """Behind a mark that stands at `i` and the white space around it; -1 where none does."""
    if space(at(chars, i)):
        i += 1
    if not mark(at(chars, i)):
        return -1
    return i + 2 if space(at(chars, i + 1)) else i + 1


cdef bint names_year(Chars chars, Py_ssize_t start, Py_ssize_t end) noexcept:
    """Whether a run of digits holds a year of one of the two calendars."""
    cdef Py_ssize_t i
    cdef int century
    for i in range(start, end - 3):
        century = read_digit(at(chars, i)) * 10 + read_digit(at(chars, i + 1))
        if (century == 19 or century == 20 or century == 25 or century == 26) and read_digit(at(chars, i + 1)) >= 0:
            return True
    return False


cdef int signs_between(Chars chars, Py_ssize_t day, Py_ssize_t day_end, Py_ssize_t year) noexcept:
    """What a day of one or two digits and a year of four, with no digit between, may be together."""
    cdef Py_ssize_t i, held = 0
    cdef int found = 0
    for i in range(day_end, year):
        held += not space(at(chars, i))
    if held >= 2:
        found |= DAY_FIRST
    if held <= 3 and day > 0 and space(at(chars, day - 1)) and space(at(chars, year - 1)):
        found |= MONTH_FIRST
    return found


cdef int signs_of(Chars chars) noexcept:
    cdef Py_ssize_t i = 0, end, day = -1, day_end = -1
    cdef Char char
    cdef int spelt = 0, numbers = 0
    cdef bint year = False
    while i < chars.size:
        char = at(chars, i)
        if digit(char) < 0:
            if char == 0x5E74 or char == 0xB144:
                spelt |= IDEOGRAPHS
            i += 1
            continue
        end = i + 1
        while end < chars.size and digit(at(chars, end)) >= 0:
            end += 1
        year = year or names_year(chars, i, end)
        if end - i >= 4 and digit(at(chars, end + 1)) >= 0:
            char = at(chars, end)
            if char == c"-":
                spelt |= ISO
            elif char == c"/" or char == c".":
                spelt |= SLASHED
        if end - i == 4 and day >= 0:
            spelt |= signs_between(chars, day, day_end, i)
        if not numbers and three_numbers(chars, end):
            numbers = NUMBERS
        day, day_end = (i if end - i <= 2 else -1), end
        i = end
    return (spelt if year else 0) | numbers


def date_signs(str text):
    """Which forms of date a text may hold, as `text.dates` numbers them: 0 where it holds none for sure."""
    return signs_of(chars_of(text))


cdef inline object block_at(list blocks, Py_ssize_t index):
    """A row of a list, sure to be a tuple of five or more."""
    row = <object>PyList_GET_ITEM(blocks, index)
    if not PyTuple_Check(row) or PyTuple_GET_SIZE(row) < 5:
        raise TypeError("not a row of a tree")
    return row


cdef inline str text_of(object row):
    text = <object>PyTuple_GET_ITEM(row, TEXT)
    if not PyUnicode_Check(text):
        raise TypeError("not a text")
    return <str>text


def dated(list blocks not None, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t longest):
    """The indexes of those blocks in a range that are shorter than `longest` and may hold a date."""
    cdef Py_ssize_t index
    cdef Chars chars
    found = []
    for index in range(max(start, 0), min(stop, PyList_GET_SIZE(blocks))):
        chars = chars_of(text_of(block_at(blocks, index)))
        if chars.size < longest and signs_of(chars):
            found.append(index)
    return found


def person_form(str name):
    """Twin of `text.person.person_form`."""
    cdef Chars chars = chars_of(name)
    cdef Py_ssize_t i, words = 0, capital = 0
    cdef Char char
    cdef bint inside = False, before_comma = True
    for i in range(chars.size):
        char = at(chars, i)
        if char > 0x24F and Py_UNICODE_ISALPHA(char) and Py_UNICODE_TOLOWER(char) == Py_UNICODE_TOUPPER(char):
            one = name[i]
            if one.lower() == one.upper():
                return BY_SCRIPT if 2 <= chars.size <= 30 else 0
        if char == c",":
            before_comma = False
        if before_comma:
            if space(char):
                inside = False
            elif not inside:
                inside = True
                words += 1
                capital += upper(char)
    return BY_CAPITALS if 2 <= words <= 5 and capital >= 2 and words - capital <= 2 else 0


cdef bint may_name(Chars chars) noexcept:
    cdef Py_ssize_t i, words = 0
    cdef Char char
    cdef bint counted = False
    for i in range(chars.size):
        char = at(chars, i)
        if char < 0x80:
            if char == c"&":
                return True
        elif (char > 0x24F and (char == 0xFFFC or Py_UNICODE_ISALPHA(char))) or (
                0xC2 <= char <= 0xF4 and at(chars, i + 1) >= 0x80):
            return True
        if space(char):
            counted = False
        elif not counted and upper(char):
            counted = True
            words += 1
            if words == 2:
                return True
    return False


def may_name_person(str text):
    """False where nothing in a text can have a person's form, however it is cut and tidied."""
    return may_name(chars_of(text))


cdef bint starts(Chars chars, Py_ssize_t index, const char *word, Py_ssize_t size) noexcept:
    """Whether a word in small letters stands there, in letters of any case."""
    cdef Py_ssize_t i
    if index + size > chars.size:
        return False
    for i in range(size):
        if lower(at(chars, index + i)) != <Char>word[i]:
            return False
    return True


cdef Py_ssize_t lead_word(Chars chars, Py_ssize_t i) noexcept:
    """The length of the word that stands there and may lead a name, 0 for none."""
    cdef Char first = lower(at(chars, i))
    if first == c"b":
        return 2 if starts(chars, i, b"by", 2) else 0
    if first == c"v":
        return 3 if starts(chars, i, b"von", 3) else 0
    if first == c"p":
        if starts(chars, i, b"par", 3) or starts(chars, i, b"por", 3):
            return 3
        return 5 if starts(chars, i, b"przez", 5) else 0
    if first == c"d":
        if starts(chars, i, b"door", 4):
            return 4
        return 2 if starts(chars, i, b"di", 2) else 0
    if first == c"a":
        if starts(chars, i, b"author", 6):
            return 6
        if starts(chars, i, b"autor", 5):
            return 5
        return 2 if starts(chars, i, b"av", 2) or starts(chars, i, b"af", 2) else 0
    return 0


cdef inline bint pair_is(Char first, Char second, const char *both) noexcept:
    return first == <Char>both[0] and second == <Char>both[1]


cdef bint may_precede(Chars chars, Py_ssize_t i) noexcept:
    """Whether a lead word may begin there: at the start, behind a blank, mark or digit, or glued to "written"."""
    cdef Char before = at(chars, i - 1), second = lower(before), first = lower(at(chars, i - 2))
    if i == 0 or space(before) or digit(before) >= 0:
        return True
    if before == c"|" or before == c"." or before == c"," or before == 0x2022 or before == 0xB7:
        return True
    return (pair_is(first, second, b"en") or pair_is(first, second, b"ed") or pair_is(first, second, b"ds")
            or pair_is(first, second, b"xt") or pair_is(first, second, b"ry") or pair_is(first, second, b"or"))


def byline_signs(str text):
    """Whether a text may hold a name behind a lead word (`LED`), or be a lead word alone (`ALONE`)."""
    cdef Chars chars = chars_of(text)
    cdef Py_ssize_t i, size, first = 0, last = chars.size - 1
    cdef Char char, following
    cdef int found = 0
    while first < chars.size and space(at(chars, first)):
        first += 1
    while last > first and (space(at(chars, last)) or at(chars, last) == c":"):
        last -= 1
    char, following = lower(at(chars, first)), lower(at(chars, last))
    if following == c"y" or following == c"r" or following == c"s" or following == c"n":
        if (char == c"b" or char == c"w" or char == c"p" or char == c"r" or char == c"s" or char == c"a"
                or char == c"v"):
            found = ALONE
    for i in range(chars.size):
        char = at(chars, i)
        if char >= 0x100 and not 0x2000 <= char <= 0x206F and char != 0x20AC:
            return LED | ALONE
        if found & LED:
            continue
        size = lead_word(chars, i)
        if size and may_precede(chars, i):
            following = at(chars, i + size)
            if size == 5 and (starts(chars, i + 5, b"in", 2) or starts(chars, i + 5, b"es", 2)):
                found |= LED  # "Autorin": however it goes on
            if space(following) or following == c":" or 65 <= following <= 90 or 0xC0 <= following <= 0xDE:
                found |= LED
    return found


cdef inline bint may_open(str text, Chars chars, frozenset pairs, frozenset firsts):
    cdef Char first = at(chars, 0), second = at(chars, 1)
    if first < 0x80 and not (65 <= first <= 90 or 97 <= first <= 122):
        return False
    pair = text[:2].lower()
    return pair in pairs or (not pair.isascii() and pair[:1] in firsts)


cdef inline long hints_of(list elements, Py_ssize_t index, Py_ssize_t *parent) except -1:
    if not 0 <= index < PyList_GET_SIZE(elements):
        raise IndexError("no such element")
    row = block_at(elements, index)
    if PyTuple_GET_SIZE(row) <= HINTS:
        raise TypeError("not an element")
    parent[0] = <object>PyTuple_GET_ITEM(row, PARENT)
    return <object>PyTuple_GET_ITEM(row, HINTS)


def byline_blocks(list blocks not None, list elements not None, indexes, Py_ssize_t heading, tuple bounds not None,
                  frozenset pairs not None, frozenset firsts not None, long author):
    """Twin of `text.person.byline_blocks`."""
    cdef Py_ssize_t index, owner, parent = 0, ignored = 0, size, links
    cdef Py_ssize_t block_chars, near_chars, most_links, near_before, near_after, links_before, links_after
    cdef bint named, opened, linked, own
    cdef Chars chars
    cdef str text
    block_chars, near_chars, most_links, near_before, near_after, links_before, links_after = bounds
    found = []
    for index in indexes:
        if not 0 <= index < PyList_GET_SIZE(blocks):
            raise IndexError("no such block")
        row = block_at(blocks, index)
        text = text_of(row)
        chars = chars_of(text)
        size = chars.size
        links = len(<object>PyTuple_GET_ITEM(row, LINKS))
        if size > block_chars and (not links or size > 2 * block_chars):
            continue
        owner = <object>PyTuple_GET_ITEM(row, OWNER)
        named = <object>PyTuple_GET_ITEM(row, INLINE) & author != 0
        named = hints_of(elements, owner, &parent) & author != 0 or named
        if not named:
            named = hints_of(elements, parent, &parent) & author != 0
            named = hints_of(elements, parent, &ignored) & author != 0 or named
        opened = size <= block_chars and may_open(text, chars, pairs, firsts)
        linked = 0 < links <= most_links and (named or heading + links_before <= index <= heading + links_after)
        own = size <= block_chars and (opened or named or (
            size < near_chars and heading + near_before <= index <= heading + near_after and may_name(chars)))
        if linked or own:
            found.append((index, row, named, opened))
    return found


def heading_elements(list elements not None, list ends not None, Py_ssize_t most_h1, Py_ssize_t most_lower):
    """Twin of `text.person.heading_elements`."""
    cdef Py_ssize_t index, first, end, seen = 0, lower_seen = 0
    cdef Chars tag
    cdef Char level
    found = []
    for index in range(min(PyList_GET_SIZE(elements), PyList_GET_SIZE(ends))):
        row = block_at(elements, index)
        tag = chars_of(text_of(row))
        if tag.size != 2 or at(tag, 0) != c"h":
            continue
        level = at(tag, 1)
        if level == c"1":
            if seen < most_h1:
                seen += 1
                found.append(index)
        elif (level == c"2" or level == c"3") and lower_seen < most_lower:
            first, end = <object>PyTuple_GET_ITEM(row, FIRST), <object>PyList_GET_ITEM(ends, index)
            if first < end:
                lower_seen += 1
                found.append(index)
    return found


def texts_of_sizes(list blocks not None, Py_ssize_t stop, sizes, bint others):
    """Twin of `text.person.texts_of_sizes`."""
    cdef Py_ssize_t index, size
    cdef bint[512] wanted
    cdef str text
    for index in range(512):
        wanted[index] = False
    for size in sizes:
        if 0 <= size < 512:
            wanted[size] = True
    found = []
    for index in range(min(stop, PyList_GET_SIZE(blocks))):
        text = text_of(block_at(blocks, index))
        size = PyUnicode_GET_LENGTH(text)
        if size < 512 and (wanted[size] or (others and not text.isascii())):
            found.append(text)
    return found


def fill(list rows not None, float[:, ::1] out):
    """Write rows of numbers into an array of just their shape."""
    cdef Py_ssize_t row, column
    cdef list numbers
    if PyList_GET_SIZE(rows) != out.shape[0]:
        raise ValueError("not as many rows")
    for row in range(out.shape[0]):
        numbers = rows[row]
        if numbers is None or PyList_GET_SIZE(numbers) != out.shape[1]:
            raise ValueError("not as many columns")
        for column in range(out.shape[1]):
            out[row, column] = <double><object>PyList_GET_ITEM(numbers, column)
