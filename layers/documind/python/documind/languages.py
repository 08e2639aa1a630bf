"""The languages of the product, and a sentence in each of them."""

from typing import Literal, NamedTuple

Language = Literal["en", "zh-TW"]


class Sentence(NamedTuple):
    """One sentence in each language of the product; `{name}` stands for a detail."""

    en: str
    zh_tw: str

    def template(self, language: Language) -> str:
        """Return the sentence in `language`, its details still to be filled in."""
        return self.zh_tw if language == "zh-TW" else self.en

    def in_language(self, language: Language, **details: object) -> str:
        """Return the sentence in `language` with its details filled in."""
        return self.template(language).format(**details)


def language_of(text: str) -> Language:
    """Return the language to answer `text` in: Chinese as soon as it holds a CJK ideograph."""
    return "zh-TW" if any("\u3400" <= character <= "\u9fff" for character in text) else "en"
