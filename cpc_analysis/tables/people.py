"""What the names of columns say: that their values are people, or codes of things."""

from __future__ import annotations

import re

from cpc_analysis.identifiers import identifiers_in

__all__ = ["names_code", "names_person"]

_PERSON_WORDS = {
    "email", "mail", "epost", "phone", "telephone", "telefon", "tlf", "mobile", "mobil", "msisdn", "cpr", "ssn",
    "personnummer", "fornavn", "efternavn", "firstname", "lastname", "surname", "fullname", "username", "address",
    "adresse", "birthday", "birthdate", "foedselsdag", "fødselsdag", "fodselsdag", "dob", "iban", "passport", "pas",
    "kundenavn", "customername", "caller", "callerid", "ani", "street", "vej", "gade", "cardnumber", "kortnummer",
}  # fmt: skip
_PEOPLE = {
    "customer", "client", "caller", "contact", "user", "person", "requester", "kunde", "kundens", "member", "patient",
    "sender", "recipient", "from", "to", "first", "last", "full", "family", "given", "middle", "for", "efter",
}  # fmt: skip
_NAMES = {"name", "names", "navn"}
#: Words with which a column is about a kind of thing, not about one person's.
_THINGS = {
    "type", "kind", "model", "brand", "count", "campaign", "domain", "category", "group", "queue", "channel",
    "status", "is", "has", "provider", "template", "country", "region", "system", "os", "plan", "app",
}  # fmt: skip
_CODE_WORDS = {
    "id", "ids", "no", "nr", "number", "nummer", "code", "kode", "key", "order", "ordre", "invoice", "faktura",
    "ticket", "case", "sag", "account", "konto", "ean", "gtin", "sku", "version", "uuid", "ref", "hash", "date",
    "time", "day", "week", "month", "zip", "postcode", "postnr",
}  # fmt: skip


def names_person(name: str) -> bool:
    """Whether the name of a column says that it names people, or how to reach them.

    Examples
    --------
    >>> names_person("Customer Name"), names_person("kunde_email"), names_person("product_name")
    (True, True, False)
    """
    words = _words(name)
    if words & _THINGS:
        return False
    joined = "".join(re.findall(r"[^\W_]+", name.casefold()))
    return bool(
        words & _PERSON_WORDS
        or joined in _PERSON_WORDS
        or (words & _NAMES and words & _PEOPLE)
        or (words and words <= _NAMES)
        or identifiers_in(name)
    )


def names_code(name: str) -> bool:
    """Whether the name of a column says that it holds codes or numbers of things, in which doubt keeps.

    Examples
    --------
    >>> names_code("order_number"), names_code("note")
    (True, False)
    """
    return bool(_words(name) & _CODE_WORDS)


def _words(name: str) -> set[str]:
    """The words of a column's name, however they are put together."""
    apart = re.sub(r"(?<=[^\W\d_])(?=[A-ZÆØÅ][^\W\d_A-Z])|(?<=[a-zæøå])(?=[A-ZÆØÅ])", " ", name)
    return set(re.findall(r"[^\W\d_]+", apart.casefold().replace("e-mail", "email").replace("e-post", "epost")))
