"""An embedding model of the operator's: texts become vectors, and those that mean the same come near each other.

    a folder      model.onnx, or onnx/model.onnx, or the only .onnx file there
                  tokenizer.json
                  config_sentence_transformers.json, 1_Pooling/config.json: prompts and pooling, where it has such

These are the names under which models are published. Nothing is fetched: what is in the folder is all there is. The
only home of onnxruntime and tokenizers, which the extra `semantic` brings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefs.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

MODEL_VARIABLE = "BRIEFBOT_SEMANTIC"
_MOST_TOKENS = 256  # of a text are read: a passage has fewer
_PROMPTS, _POOLING = "config_sentence_transformers.json", "1_Pooling/config.json"
_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class EmbeddingModel:
    """Makes vectors of length 1 with the model of a folder. Usable from several threads.

    It is read when it is first needed. Each method raises ConfigError where there is none, it does not
    work, or does not take a text.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def name(self) -> str:
        """The folder's name with a digest of what is in it: another model has another, wherever it stands."""
        files = [self._onnx, *self._onnx.parent.glob(f"{self._onnx.name}?data")]
        files += [self.folder / name for name in ("tokenizer.json", _PROMPTS, _POOLING)]
        digest = hashlib.sha256()
        for file in files:
            if file.is_file():
                with file.open("rb") as opened:
                    digest.update(hashlib.file_digest(opened, "sha256").digest())
        return f"{self.folder.resolve().name}:{digest.hexdigest()[:16]}"

    def of_query(self, text: str) -> np.ndarray[Any, Any]:
        """Return the vector of what somebody looks up."""
        vectors = self._embedded([self._prompts.get("query", "") + text])
        vector: np.ndarray[Any, Any] = vectors[0]
        return vector

    def of_passages(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """Return the vectors of what is to be found, a row each."""
        prompt = next((self._prompts[key] for key in ("document", "passage") if key in self._prompts), "")
        return self._embedded([prompt + text for text in texts])

    def _embedded(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        import numpy as np  # slow to import

        vectors = np.stack([self._pooled(text) for text in texts])
        unit: np.ndarray[Any, Any] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return unit

    def _pooled(self, text: str) -> np.ndarray[Any, Any]:
        """Run the model on one text: several at once, filled up to one length, are no faster on a processor."""
        import numpy as np

        tokenizer, session, wanted = self._tokenizer, self._session, self._wanted
        try:
            ids = np.array([tokenizer.encode(text).ids or [0]], np.int64)
            given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            (found,) = session.run([wanted], {one.name: given[one.name] for one in session.get_inputs()})
        except Exception as error:
            raise self._wrong(error) from error
        if found.ndim == 3:  # a vector for each token
            found = found[:, 0] if self._by_first_token else found.mean(axis=1)
        if found.ndim != 2 or not np.isfinite(found).all():
            raise self._wrong("what it gives are no vectors")
        return np.asarray(found[0], np.float32)

    # ------------------------------------------------------------ what is in the folder

    @cached_property
    def _onnx(self) -> Path:
        named = [self.folder / "model.onnx", self.folder / "onnx" / "model.onnx"]
        found = [one for one in named if one.is_file()] or sorted(self.folder.glob("*.onnx"))
        if not self.folder.is_dir():
            raise self._wrong("there is no such folder")
        if not found or (found[0] not in named and len(found) > 1):
            raise self._wrong("it has several .onnx files and no model.onnx" if found else "it has no .onnx file")
        return found[0]

    @cached_property
    def _session(self) -> Any:
        try:
            import onnxruntime
        except ImportError as error:
            raise _not_installed("onnxruntime") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # others are at work beside it
        options.enable_cpu_mem_arena = False  # what it took for a long text it would keep
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(str(self._onnx), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise self._wrong(error) from error
        if strange := {one.name for one in session.get_inputs()} - _INPUTS:
            raise self._wrong(f"it asks for {', '.join(sorted(strange))}")
        return session

    @cached_property
    def _wanted(self) -> str:
        outputs = [one.name for one in self._session.get_outputs()]
        return "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]

    @cached_property
    def _tokenizer(self) -> Any:
        file = self.folder / "tokenizer.json"
        if not file.is_file():
            raise self._wrong("it has no tokenizer.json")
        try:
            from tokenizers import Tokenizer
        except ImportError as error:
            raise _not_installed("tokenizers") from error
        try:
            tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:
            raise self._wrong(error) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(_MOST_TOKENS)
        return tokenizer

    @cached_property
    def _prompts(self) -> Mapping[str, str]:
        prompts: Mapping[str, str] = self._read(_PROMPTS).get("prompts") or {}
        return prompts

    @cached_property
    def _by_first_token(self) -> bool:
        return bool(self._read(_POOLING).get("pooling_mode_cls_token"))

    def _read(self, name: str) -> Mapping[str, Any]:
        try:
            read: Any = json.loads((self.folder / name).read_text("utf-8")) if (self.folder / name).is_file() else {}
        except ValueError as error:
            raise self._wrong(f"{name}: {error}") from error
        return read if isinstance(read, dict) else {}

    def _wrong(self, problem: object) -> ConfigError:
        line = " ".join(str(problem).split())[:200]
        return ConfigError(
            "{folder}: this is no embedding model: {problem}; name a folder with a model as ONNX and tokenizer.json",
            folder=str(self.folder),
            problem=line,
        )


def _not_installed(library: str) -> ConfigError:
    return ConfigError(
        "{library} is not installed, which an embedding model needs: pip install briefbot[semantic]", library=library
    )
