#!/usr/bin/env python3
"""datatrove's sentence deduplication on one text, all three stages in this process.

  datatrove_steps.py TEXT FOLDER    prints: version, seconds of wall time, seconds of CPU time

One task, one worker, the options as they come, but that single sentences are compared, not spans of
three, and that no document is too short. Every 64 lines of the text are a document. What it makes
goes into FOLDER. Loading Python's modules is not counted; spaCy's rules are loaded while it runs.
"""
import importlib.metadata, itertools, json, os, sys, time

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.dedup import SentenceDedupFilter, SentenceDedupSignature, SentenceFindDedups
from datatrove.pipeline.dedup.sentence_dedup import SentDedupConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter


def documents(path):
    with open(path, encoding="utf8", errors="replace", newline="\n") as f:
        for n in itertools.count():
            lines = list(itertools.islice(f, 64))
            if not lines:
                return
            yield {"id": str(n), "text": "".join(lines)}


def main(path, folder):
    inside = lambda name: os.path.join(folder, name)
    os.makedirs(inside("in"))
    with open(inside("in/text.jsonl"), "w", encoding="utf8") as f:
        f.writelines(json.dumps(d) + "\n" for d in documents(path))
    config = SentDedupConfig(n_sentences=1, min_doc_words=0, min_num_sentences=0)
    read = JsonlReader(inside("in"))
    stages = (
        [read, SentenceDedupSignature(inside("signatures"), config=config)],
        [SentenceFindDedups(inside("signatures"), inside("repeats"), config=config)],
        [read, SentenceDedupFilter(inside("repeats"), config=config),
         JsonlWriter(inside("out"), compression=None)],
    )
    wall, cpu = time.perf_counter(), time.process_time()
    for i, stage in enumerate(stages):
        LocalPipelineExecutor(stage, workers=1, logging_dir=inside("log%d" % i)).run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(importlib.metadata.version("datatrove"), wall, cpu)


main(*sys.argv[1:])
