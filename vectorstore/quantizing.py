"""The bundled model's layers, written once more in whole numbers.

Weights have eight bits per channel, of which seven are used: processors without VNNI would else
overflow, and the same text must have the same vector everywhere. Cosine to the model itself is
.997.
"""

import logging
import tempfile
import warnings
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel
from transformers.utils import logging as progress

from vectorstore.bundled import LAYERS


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
