"""Encoding speed of tiktoken (Rust) with Qwen's own vocabulary and pattern, one thread: the peer of bench/tokenizer.mjs.
Usage: python bench/peers/tiktoken.py TOKENIZER.json CORPUS_FOLDER [REPEAT]; prints one line of JSON, MB of UTF-8 per second."""
import json
import pathlib
import statistics
import sys
import time

# This file carries the package's name: its folder must not be searched first.
sys.path.pop(0)
import tiktoken

tokenizer, corpus = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
repeat = int(sys.argv[3]) if len(sys.argv) > 3 else 3

start = time.perf_counter()
definition = json.loads(tokenizer.read_text("utf-8"))
# GPT-2's byte alphabet: printable bytes stand for themselves, the others for code points from 256 on.
printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
others = [byte for byte in range(256) if byte not in printable]
byte_of = {chr(byte): byte for byte in printable} | {chr(256 + n): byte for n, byte in enumerate(others)}
added = {token["id"] for token in definition.get("added_tokens", [])}
ranks = {
    bytes(byte_of[letter] for letter in token): rank
    for token, rank in definition["model"]["vocab"].items()
    if rank not in added
}
split = next(step for step in definition["pre_tokenizer"]["pretokenizers"] if step["type"] == "Split")
encoding = tiktoken.Encoding(
    "qwen", pat_str=split["pattern"]["Regex"], mergeable_ranks=ranks, special_tokens={}
)
load_ms = (time.perf_counter() - start) * 1000

kinds = ("english", "code", "chinese")
documents = [text for kind in kinds for text in json.loads((corpus / f"{kind}.json").read_text("utf-8"))]
size = sum(len(text.encode()) for text in documents)
for text in documents[:20]:
    encoding.encode_ordinary(text)
speeds = []
for _ in range(repeat):
    began = time.perf_counter()
    for text in documents:
        encoding.encode_ordinary(text)
    speeds.append(size / (time.perf_counter() - began) / 1e6)
figures = {"mb_s": statistics.median(speeds), "first_pass": speeds[0], "load_ms": load_ms}
print(json.dumps({"what": "tiktoken", "version": tiktoken.__version__, **figures}))
