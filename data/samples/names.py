"""Invented names of companies and people that read like German ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FAMILY_NAMES = _words(
    """
    Ackermann Adler Ahrens Albers Albrecht Aydin Arndt Arnold Auer Bachmann Bader Bartels Barth
    Bauer Baumann Baumgartner Beck Becker Behrens Berger Bergmann Bernhardt Binder Blank Blum
    Bock Bode Böhm Böttcher Brandt Braun Brenner Breuer Brinkmann Bruns Brückner Buchholz Burger
    Busch Carstens Claßen Conrad Czaja Dahlmann Decker Demir Deppe Dietrich Dittrich Doll
    Dombrowski Dreyer Drexler Ebert Eckert Eder Ehlers Eichhorn Engel Erdmann Ernst Esser Faber
    Falk Feldmann Fiedler Fink Fischer Fleischer Förster Franke Freitag Frey Friedrich Fritsch
    Fröhlich Fuchs Funke Gärtner Gebhardt Geiger Gerlach Giese Göbel Gottschalk Graf Greiner
    Grimm Groß Gruber Günther Haag Haas Hagemann Hahn Hansen Hartmann Hartwig Haupt Heider Heil
    Heinemann Heinrich Heller Henning Hermann Herzog Hildebrandt Hinz Hirsch Hoffmann Hofer
    Holzapfel Horn Huber Hübner Ivanov Jacobs Jahn Jansen Janßen Jung Kaiser Karsten Kaufmann
    Keil Keller Kern Kessler Kirchner Klein Klose Knoll Koch Köhler König Kowalski Kraft Krämer
    Kramer Kraus Krause Krebs Kremer Krüger Kruse Kühn Kuhlmann Kunze Kurz Lang Lange Lehmann
    Lenz Lindner Lohmann Lorenz Ludwig Lutz Maier Marquardt Martens Marx Mayer Meinhardt Menzel
    Mertens Merz Metzger Michels Mohr Moser Müller Nagel Neubauer Neumann Noack Nowak Oswald Ott
    Otto Öztürk Pape Paul Peters Petersen Pfeiffer Pieper Pohl Popp Probst Raabe Rademacher
    Rauch Reich Reichert Reimann Reinhardt Reuter Richter Riedel Rieger Ritter Röder Rose Roth
    Rudolph Ruppert Sahin Sander Sauer Schade Schäfer Scherer Schilling Schlüter Schmid Schmidt
    Schmitz Schneider Scholz Schott Schreiber Schröder Schubert Schulte Schulz Schumacher
    Schuster Schwab Schwarz Seidel Seifert Siebert Simon Sommer Springer Stadler Stahl Steffens
    Stein Steiner Strauß Thiel Thomas Tiedemann Timm Ulrich Unger Urban Vetter Vogel Vogt Voigt
    Volk Wagner Walter Weber Wegener Weiß Wendt Werner Wessel Westphal Wieland Wiese Wilke
    Winkler Winter Witt Wolf Wulf Wunderlich Yilmaz Zander Zeller Ziegler Zimmermann
    """
)

FIRST_NAMES = _words(
    """
    Alexander Andrea Anja Anna Birgit Björn Carsten Christian Claudia Daniel David Dennis Dirk
    Elena Elif Eva Florian Frank Hanna Heike Holger Ines Jan Jana Jens Jonas Julia Jürgen Kai
    Katharina Kerstin Lars Laura Lena Lisa Lukas Manuela Marco Maria Marie Markus Martin Mehmet
    Melanie Michael Miriam Nadine Nicole Nils Olaf Oliver Paul Petra Philipp Ralf Sabine Sandra
    Sarah Sebastian Silke Simon Stefan Stefanie Susanne Sven Tanja Thomas Thorsten Tim Tobias
    Torsten Ulrike Uwe Vanessa Volker
    """
)

CRAFT, INDUSTRY, SHOP, PRACTICE = range(4)


@dataclass(frozen=True, slots=True)
class Trade:
    """
    A line of business.

    Parameters
    ----------
    noun
        As it follows or precedes a family name.
    kind
        `CRAFT`, `INDUSTRY`, `SHOP` or `PRACTICE`; opening hours depend on it.
    """

    noun: str
    kind: int


_NOUNS = {
    CRAFT: """Elektrotechnik Metallbau Sanitärtechnik Heizungsbau Tischlerei Zimmerei Dachdeckerei
        Malerbetrieb Stahlbau Fensterbau Bauunternehmung Straßenbau Gartenbau Kältetechnik
        Schlosserei Klimatechnik Holzbau Trockenbau Fliesenbau Gerüstbau Landtechnik
        Karosseriebau Stuckateurbetrieb Glasbau Steinmetzbetrieb Solartechnik""",
    INDUSTRY: """Maschinenbau Werkzeugbau Kunststofftechnik Präzisionsteile Hydraulik Logistik
        Verpackungen Gießerei Antriebstechnik Blechtechnik Fördertechnik Lebensmittelwerk Druckhaus
        Automation Medizintechnik Messtechnik Armaturen Zerspanung Oberflächentechnik Möbelwerk
        Anlagenbau Textilwerk Recycling Feinmechanik""",
    SHOP: """Autohaus Baustoffe Werkzeughandel Farbenhaus Eisenwaren Gartencenter Fahrradhaus
        Bäckerei Raumausstattung Küchenstudio Reifendienst Elektrohandel Getränkemarkt Möbelhaus
        Holzhandel Fachmarkt Motorgeräte Arbeitsschutz""",
    PRACTICE: """Dentallabor Ingenieurbüro Planungsbüro Zahntechnik Sanitätshaus Orthopädietechnik
        Architekturbüro Prüflabor Hörakustik Augenoptik Vermessungsbüro""",
}
TRADES = tuple(Trade(noun, kind) for kind, nouns in _NOUNS.items() for noun in _words(nouns))

KIND_CHANCE = (0.42, 0.25, 0.21, 0.12)
"""Of `CRAFT`, `INDUSTRY`, `SHOP` and `PRACTICE`."""

FORMS_SMALL: tuple[str, ...] = ("", "e.K.", "GbR", "GmbH", "UG", "Inh. {first} {family}")
FORMS_MEDIUM: tuple[str, ...] = ("GmbH", "GmbH", "GmbH & Co. KG", "KG", "OHG")
FORMS_LARGE: tuple[str, ...] = ("GmbH & Co. KG", "GmbH", "AG", "SE & Co. KG")
MEDIUM_FROM_EUR, LARGE_FROM_EUR = 20_000.0, 250_000.0

COINED_STARTS = _words(
    """
    Adra Albo Arvo Bando Bero Bravo Calo Cordo Dano Delvo Dura Elbo Enda Evo Fabo Ferro Fino
    Galvo Gero Havo Helio Indo Isar Jura Kambo Kera Lavo Lindo Luma Mado Mero Mino Navo Nordo
    Novo Orbo Pala Pento Poro Quanto Ravo Rheno Rivo Salvo Savo Sento Silvo Solvo Tavo Terra
    Tori Trevo Ulmo Vado Vero Vito Volta Waldo Xano Zento
    """
)
COINED_ENDS = ("bau", "dur", "fix", "flex", "form", "mat", "mont", "plan", "plast", "tec", "therm")
COINED_FIELDS = ("", "Systeme", "Technik", "Service", "Gruppe", "Solutions", "Werke")


def company_names(
    trade: NDArray[np.int64],
    potential_eur: NDArray[np.float64],
    towns: Sequence[str],
    rng: np.random.Generator,
) -> tuple[str, ...]:
    """
    A name for each account by its trade, size and town.

    Names that several accounts drew are told apart by the town.
    """
    count = len(trade)
    family = rng.integers(len(FAMILY_NAMES), size=(count, 2))
    first = rng.integers(len(FIRST_NAMES), size=count)
    coined = rng.integers(
        (len(COINED_STARTS), len(COINED_ENDS), len(COINED_FIELDS)), size=(count, 3)
    )
    pattern = rng.random(count)
    form = rng.random(count)
    names = []
    for i in range(count):
        noun, kind = TRADES[trade[i]].noun, TRADES[trade[i]].kind
        name, partner = FAMILY_NAMES[family[i, 0]], FAMILY_NAMES[family[i, 1]]
        if potential_eur[i] >= LARGE_FROM_EUR:
            forms = FORMS_LARGE
        else:
            forms = FORMS_MEDIUM if potential_eur[i] >= MEDIUM_FROM_EUR else FORMS_SMALL
        legal = forms[int(form[i] * len(forms))]
        legal = legal.format(first=FIRST_NAMES[first[i]], family=name)
        if pattern[i] < 0.12 and kind != PRACTICE and forms is not FORMS_SMALL:
            start, end, field = coined[i]
            words = [COINED_STARTS[start] + COINED_ENDS[end], COINED_FIELDS[field]]
        elif pattern[i] < 0.24 and partner != name and not legal.startswith(("e.K.", "Inh.")):
            words = [f"{name} & {partner}", noun]
        elif pattern[i] < 0.32 and not legal.startswith("Inh."):
            words = [FIRST_NAMES[first[i]], name, noun]
        elif pattern[i] < 0.62:
            words = [noun, name]
        else:
            words = [name, noun]
        names.append(" ".join(word for word in (*words, legal) if word))
    return _told_apart(names, towns)


def person_names(count: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Different people: first and family names, no family name twice."""
    families = rng.choice(len(FAMILY_NAMES), count, replace=False)
    firsts = rng.integers(len(FIRST_NAMES), size=count)
    return tuple(
        f"{FIRST_NAMES[first]} {FAMILY_NAMES[family]}"
        for first, family in zip(firsts, families, strict=True)
    )


def _told_apart(names: list[str], towns: Sequence[str]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return tuple(
        f"{name}, {town}" if counts[name] > 1 else name
        for name, town in zip(names, towns, strict=True)
    )
