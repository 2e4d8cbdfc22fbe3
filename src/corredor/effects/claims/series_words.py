"""Names of published series in sentences."""

from __future__ import annotations

from corredor.study.model import Model


def series_words(model: Model, name: str) -> str:
    """people_presented_in_mexico → People presented in Mexico: with a capital, and countries of the study with theirs."""
    words = name.replace("_", " ")
    for country in {place.country for place in model.places if place.country}:
        plain = country.replace("_", " ")
        words = " ".join(words.split()).replace(plain, plain.title()) if f" {plain} " in f" {words} " else words
    return words[:1].upper() + words[1:]
