"""Headers that name somebody else than the client (`Tulkin kieli`) or another time than the record's (`Edellinen käynti`)."""

import re

from data.codes import bare_letters, normalise

# Beginnings of words, as headers inflect them; `$` closes a word that others begin with.
_SOMEBODY = (
    "tulk(in|it|kien|kaajan) puoliso aviopuoliso kumppanin$ laps(en|et|ten|i)$ perheen perheenjäsen äidin$ isän$ "
    "vanhem(man|pien|mat|pi) huoltaja sisaruk omaisen työntekijä neuvojan? ohjaajan?$ virkailija käsittelijä vastuuhenkilö "
    "kirjaaja tallentaja tekijän?$ laatija esihenkilö esimie henkilöstön$ henkilökunnan$ lähettäjän$ vastaanottajan$ "
    "yhteyshenkilö muokkaaja luonut$ luoja edustajan avustajan saattajan tukihenkilö opettaja työnantaja työparin? haastattelija "
    "tolkens?$ tolkarnas makens$ makans$ makes$ partnerns barnets?$ barnens barns?$ föräl föräldr vårdnadshavar moderns$ "
    "faderns$ mammans$ pappans$ familje handläggar rådgivar(e|ens|nas)$ handledar arbetarens anställd personalens$ registrerare "
    "arbetsgivar kontaktperson intervjuare "
    "interpreters?$ spouses?$ husbands?$ wifes?$ partners?$ child$ childs$ children fathers?$ parents?$ guardian family "
    "staffs?$ workers?$ employee employer advis[eo]r officer counsell?or handler interviewer author editor assistant"
)
_ANOTHER_TIME = (
    "edelli edeltä aiem aikaisem entise?i?n vanha$ seuraav tulevan?$ uusi$ uuden$ muoka muutettu päivitet päivityk viimeksi "
    "viimei poistettu siirretty syntymä syntynyt ensimmäi alkuperäi "
    "föregående tidigare$ förra$ nästa$ kommande$ följande$ nya?$ ändra(d|t|des)$ uppdatera senast sista$ första$ födelse född$ "
    "previous prior$ former earlier next$ following upcoming new$ modified changed$ updated last$ latest first$ edited "
    "birth born$"
)

_BEGUN = f"{_SOMEBODY} {_ANOTHER_TIME}"
_WORDS = re.compile(
    r"\b(?:" + "|".join(word.replace("$", r"\b") for word in f"{_BEGUN} {bare_letters(_BEGUN)}".split()) + ")"
)

_PERSONS = re.compile(r"\b(tulkki|tolk|lapsi|barn|maka|make|isä|äiti|ohjaaja|neuvoja|spouse|child)\b")


def is_of_another(header: str) -> bool:
    """The header names somebody else, or another time.

    >>> [is_of_another(text) for text in ("Tulkin kieli", "Kieli (puolison)", "Ändrad", "Next visit", "Äidinkieli", "Lapset")]
    [True, True, True, True, False, True]
    """
    return _WORDS.search(normalise(header)) is not None


def is_group_of_another(group: str) -> bool:
    """The same of the header of a group of columns, where the person stands without an ending.

    >>> is_group_of_another("Tulkki"), is_group_of_another("Asiakas")
    (True, False)
    """
    return is_of_another(group) or _PERSONS.search(normalise(group)) is not None
