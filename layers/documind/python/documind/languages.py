"""The languages of the product, and sentences in all of them."""

from typing import Literal, NamedTuple

Language = Literal["en", "zh-TW"]


class Sentence(NamedTuple):
    """One sentence in each language of the product; `{name}` stands for a detail."""

    en: str
    zh_tw: str

    def template(self, language: Language) -> str:
        """Return the sentence in `language` with placeholders for its details."""
        return self.zh_tw if language == "zh-TW" else self.en

    def in_language(self, language: Language, **details: object) -> str:
        """Return the sentence in `language` with its details filled in."""
        return self.template(language).format(**details)


def language_of(text: str) -> Language:
    """Return the language in which to answer `text`: Chinese if it contains a CJK ideograph, else English."""
    return "zh-TW" if any("\u3400" <= character <= "\u9fff" for character in text) else "en"
