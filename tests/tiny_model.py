"""Write a chat model of two megabytes that llama.cpp runs, and that always says what it is made for.

It is a llama of one layer whose weights are nought, so that the last token alone decides what comes
next: each token's vector points to itself, and the output's row of a token to the one before it.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np

WIDTH = 320
"""Numbers in a vector: as many as there may be tokens."""
ASKED = "<|asked|>"
_TEMPLATE = "{% for message in messages %}{{ message.content }}{% endfor %}" + ASKED
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6


def write(path: Path, reply: Sequence[str], *, ends: bool = True) -> Path:
    """A model that says these pieces, each different from the others, and ends or begins again."""
    tokens = ["<unk>", "<s>", "</s>", ASKED, *(f"<0x{each:02X}>" for each in range(256)), *reply]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, _CONTROL, *[_BYTE] * 256, *[_NORMAL] * len(reply)]
    said = [tokens.index(ASKED), *(len(tokens) - len(reply) + at for at in range(len(reply)))]
    said.append(2 if ends else said[1])
    output = np.zeros((len(tokens), WIDTH), np.float32)
    for before, after in pairwise(said):
        output[after, before] = 1

    model = gguf.GGUFWriter(path, "llama")
    model.add_context_length(4096)
    model.add_embedding_length(WIDTH)
    model.add_block_count(1)
    model.add_feed_forward_length(32)
    model.add_head_count(1)
    model.add_layer_norm_rms_eps(1e-5)
    model.add_vocab_size(len(tokens))
    model.add_tokenizer_model("llama")
    model.add_token_list(tokens)
    model.add_token_scores([0.0] * len(tokens))
    model.add_token_types(kinds)
    model.add_bos_token_id(1)
    model.add_eos_token_id(2)
    model.add_chat_template(_TEMPLATE)
    model.add_tensor("token_embd.weight", np.eye(len(tokens), WIDTH, dtype=np.float32))
    model.add_tensor("output.weight", output)
    model.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for name, shape in (
        ("attn_norm", (WIDTH,)),
        ("attn_q", (WIDTH, WIDTH)),
        ("attn_k", (WIDTH, WIDTH)),
        ("attn_v", (WIDTH, WIDTH)),
        ("attn_output", (WIDTH, WIDTH)),
        ("ffn_norm", (WIDTH,)),
        ("ffn_gate", (32, WIDTH)),
        ("ffn_up", (32, WIDTH)),
        ("ffn_down", (WIDTH, 32)),
    ):
        model.add_tensor(f"blk.0.{name}.weight", np.zeros(shape, np.float32))
    model.write_header_to_file()
    model.write_kv_data_to_file()
    model.write_tensors_to_file()
    model.close()
    return path
