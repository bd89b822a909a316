"""The bundled model's layers in whole numbers, on onnxruntime: several times as fast as torch.

The layers are exported once, beside the model that they come from, with weights of eight bits
per channel, of which seven are used: processors without VNNI would else overflow, and the same
text must have the same vector everywhere. Cosine to the model itself is .997.
"""

import logging
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers.base.modules import InputModule
from tokenizers import Tokenizer

from vectorstore.bundled import LAYERS, LONGEST, Floats, word_vectors
from vectorstore.processors import PROCESSORS, network

_PAD = 1


class Quantized(InputModule):
    """A text's tokens and layers, to the mean of what the layers make of its tokens."""

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(LONGEST)
        self.tokenizer.enable_padding(pad_id=_PAD, pad_token="<pad>")  # noqa: S106 - no password
        self.words = word_vectors(folder / "model.safetensors")
        self.network = network(folder / LAYERS)

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: object
    ) -> dict[str, torch.Tensor]:
        """Token ids and mask, one row a text."""
        encoded = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([each.ids for each in encoded]),
            "attention_mask": torch.tensor([each.attention_mask for each in encoded]),
        }

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Add the vectors, one row a text.

        Texts go one by one: a text's vector must not hang on its neighbours.
        """
        lengths = features["attention_mask"].sum(1).tolist()
        texts = [
            self.words[ids[None, :length]]
            for ids, length in zip(features["input_ids"].numpy(), lengths, strict=True)
        ]
        vectors = PROCESSORS.each(self._vector, texts)
        return features | {"sentence_embedding": torch.from_numpy(np.concatenate(vectors))}

    def _vector(self, words: Floats) -> Floats:
        vector: Floats = self.network.run(None, {"words": words})[0]
        return vector

    def get_embedding_dimension(self) -> int:
        """Of a vector."""
        return int(self.words.shape[1])

    def save(self, output_path: str, *args: object, **kwargs: object) -> None:
        """Refuse: what it is made of lies in the model's folder."""
        raise NotImplementedError("copy the model's folder instead")


class _Layers(torch.nn.Module):
    """Word vectors to the mean of the last layer's."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - transformers' own type
        super().__init__()
        self.model = model

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        mean: torch.Tensor = self.model(inputs_embeds=words).last_hidden_state.mean(1)
        return mean


def quantize(folder: Path) -> None:
    """Write the layers of the model in this folder beside it, whole or not at all."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import AutoModel
    from transformers.utils import logging as progress

    progress.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = AutoModel.from_pretrained(str(folder), local_files_only=True)
    model.set_input_embeddings(torch.nn.Embedding(1, model.config.hidden_size))  # they stay there
    small = folder / f"{LAYERS}.draft"
    with tempfile.TemporaryDirectory() as draft, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tracing, which is meant
        whole = Path(draft) / "layers.onnx"
        torch.onnx.export(
            _Layers(model).eval(),
            (torch.zeros(1, 8, model.config.hidden_size),),
            str(whole),
            dynamo=False,
            opset_version=17,
            input_names=["words"],
            output_names=["vectors"],
            dynamic_axes={"words": {1: "tokens"}},
        )
        advice = logging.getLogger()
        level, advice.level = advice.level, logging.ERROR  # it advises a step that changes nothing
        try:
            quantize_dynamic(
                whole, small, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
            )
        finally:
            advice.level = level
    small.replace(folder / LAYERS)
