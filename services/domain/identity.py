"""同一信息: when two things a source shows are one post, and when a post has changed.

The canonical address names a post; the fingerprint of its words tells whether it is still the same. Guids are not
trusted: half of the systems that print them change them when they rebuild the feed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# Words shorter than this (letters and digits, without title) are said by many people independently.
MIN_REPUBLISHED = 40
SAME_TITLE = 0.5

_TRACKING = re.compile(
    r"^(utm_\w+|spm|scm|from|from_source|fromid|isappinstalled|share\w*|shareuid|timestamp|_t|tt_from|wxshare_count"
    r"|nsukey|weixin\w*|wfr|for|gclid|fbclid|yclid|msclkid|mc_[ce]id|_ga|hmsr|hmpl|hmcu|hmkw|hmci|bd_vid|ref|referer"
    r"|referrer|source_id|track\w*|trackid|traceid|trace_id|jsessionid|phpsessid|sessionid|via|cmpid|ncid"
    r"|xtor|pk_\w+|mtm_\w+|spss|app_version|vd_source|clicktime|enterid|pvid|random|rnd|rand|_r)$",
    re.IGNORECASE,
)
_MIRROR_HOST = re.compile(r"^(?:www\d?|m|wap|mobile|h5|3g|amp|touch|i)\.(?=[^.]+\.[^.]+)")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|s?html|php|jsp|aspx?)$", re.IGNORECASE)
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/?#]*", re.IGNORECASE)
_PLAIN_PATH = re.compile(r"[\w/~!$&'()*+,;=:@.-]*", re.ASCII)
_WORDS = re.compile(r"[^\w]+|_+")
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")


def canonical_address(url: str) -> str:
    """One spelling for all addresses of one page: without scheme, mirror host, tracking, session, order and fragment.

    "" for anything that is not http(s) with a host. The result is a name, not a link: nothing is fetched by it.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    host = _MIRROR_HOST.sub("", _ascii_host(host))
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    path = _path(parts.path)
    query = _query(parts.query)
    return f"{place}{path}{'?' + query if query else ''}{_route(parts.fragment)}"


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def _path(path: str) -> str:
    plain = _SESSION_PATH.sub("", path) if ";" in path else path
    if not _PLAIN_PATH.fullmatch(plain):
        plain = quote(unquote(plain), safe="/~!$&'()*+,;=:@-._")
    return re.sub(r"/{2,}", "/", _INDEX.sub("/", plain)).rstrip("/")


def _query(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None, errors="replace")
    return urlencode(sorted((key, value) for key, value in pairs if not _TRACKING.match(key)))


def _route(fragment: str) -> str:
    """`#/post/5` and `#!/post/5` are pages of a one-page site; every other fragment is a place on the page."""
    return f"#{fragment}" if fragment.startswith(("/", "!")) else ""


def is_front_page(address: str) -> bool:
    """True for a canonical address that names a site, not a post."""
    return "/" not in address and "?" not in address and "#" not in address


def squeezed(text: str) -> str:
    """Letters and digits only, one width, one case: what remains when layout and punctuation change.

    A decimal point is no punctuation: 1.5 万元 and 15 万元 are different news.
    """
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    if "." in text:
        text = _DECIMAL.sub("点", text)
    return _WORDS.sub("", text).casefold()


def content_hash(title: str, text: str) -> str:
    """32 hexadecimal digits over the words. A change of layout or punctuation is not an edit."""
    return _digest(squeezed(title), squeezed(text))


def _digest(title: str, text: str) -> str:
    return hashlib.blake2b(f"{title}\x1f{text}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def fingerprint(title: str, text: str) -> str:
    """The content hash where the text is long enough to prove that it is one text published twice, else ""."""
    words = squeezed(text)
    return _digest(squeezed(title), words) if len(words) >= MIN_REPUBLISHED else ""


def post_id(url: str, guid: str, title: str, text: str) -> str:
    """The name of a post within its source: its address, or its guid, or a hash of its words; ≤ 200 characters."""
    address = canonical_address(url)
    if address and not is_front_page(address):
        return _short(address)
    if guid.strip():
        return _short(canonical_address(guid) or guid.strip())
    return f"words:{content_hash(title, text)}"


def titled_id(address_id: str, title: str) -> str:
    """The name of one of several posts that a source puts behind a single address."""
    digest = hashlib.blake2b(squeezed(title).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{address_id[:180]}~{digest}"


def _short(name: str) -> str:
    if len(name) <= 200:
        return name
    return f"{name[:160]}~{hashlib.blake2b(name.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def same_matter(one: str, other: str) -> bool:
    """True when two titles under one address are one title before and after an edit."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return squeezed(one) == squeezed(other) or not (first or second)
    return len(first & second) / min(len(first), len(second)) >= SAME_TITLE


def _pairs(title: str) -> set[str]:
    words = squeezed(title)
    return {words[i : i + 2] for i in range(len(words) - 1)}
