"""Makes the embedding model that tests use, in `data/tiny_model`: `python -m tests.tiny_model`. Needs onnx, by hand.

A text's vector is the mean of its pieces': words of one idea have one vector, whatever their language; all other
letters have vectors of their own, so that texts are a little like each other, as with a real model.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

FOLDER = Path(__file__).parent / "data/tiny_model"
IDEAS = [
    ["physician", "doctors", "médecin", "医生", "hospital"],
    ["village", "rural", "towns", "乡村", "campagne"],
    ["missing", "shortage", "manque", "缺少"],
    ["carmaker", "automobile", "constructeur", "汽车"],
    ["recalls", "withdraws", "rappelle", "召回"],
    ["grapes", "vineyards", "raisin", "vendanges", "葡萄"],
    ["harvest", "crop", "récolte", "收成"],
]
LETTERS = "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôûùœ0123456789.,;:'’!?«»“”，。？"
DIMENSIONS = 24


def vocabulary() -> list[tuple[str, float]]:
    """Return the pieces with their log-probabilities: a word before its letters."""
    words = [word for idea in IDEAS for word in idea]
    pieces = [("<unk>", 0.0), ("▁", -4.0), *((f"▁{word}", -1.0) for word in words), *((word, -1.5) for word in words)]
    return [*pieces, *((letter, -5.0) for letter in LETTERS)]


def vectors() -> list[list[float]]:
    """Return a vector for each piece."""
    drawn = random.Random(12)
    of_idea = {}
    for idea in IDEAS:
        one = [drawn.gauss(0, 40) for _ in range(DIMENSIONS)]
        of_idea |= dict.fromkeys(idea, one)
    common = [drawn.gauss(0, 0.5) for _ in range(DIMENSIONS)]
    other = {piece: [drawn.gauss(mean, 1) for mean in common] for piece, _ in vocabulary()}
    return [of_idea.get(piece.removeprefix("▁"), other[piece]) for piece, _ in vocabulary()]


def make() -> None:
    """Write the files."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    FOLDER.mkdir(exist_ok=True)
    table = numpy_helper.from_array(np.array(vectors(), np.float16), "table")
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["halves"]),
        helper.make_node("Cast", ["halves"], ["last_hidden_state"], to=TensorProto.FLOAT),
    ]
    given = [helper.make_tensor_value_info(n, TensorProto.INT64, ["texts", "tokens"]) for n in ("input_ids",)]
    made = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", DIMENSIONS])
    graph = helper.make_graph(nodes, "tiny", given, [made], [table])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), FOLDER / "model.onnx"
    )
    tokenizer = Tokenizer(models.Unigram(vocabulary(), 0))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.save(str(FOLDER / "tokenizer.json"), pretty=False)
    prompts = {"prompts": {"query": "", "document": ""}}
    (FOLDER / "config_sentence_transformers.json").write_text(json.dumps(prompts) + "\n", "utf-8")


if __name__ == "__main__":
    make()
