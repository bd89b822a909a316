"""What the tutorials of LangChain do, for ``ingest.py``, which starts it with another Python.

    python plain_langchain.py MODEL STORE ARTICLES.jsonl LENGTH < questions

Takes articles (``id``, ``text``) in, cut at so many characters, and asks for headlines (``id``,
``title``, one a line). Prints how many passages there are, the seconds taken (importing not
counted), the largest memory in KiB, and the place of the right article for each headline.
"""

import json
import resource
import sys
import time
from pathlib import Path

from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

AT_ONCE = 5000
"""Documents that Chroma takes."""
SIGNS = ["\n\n", "\n", "。", "！", "？", "；", "，", ""]


def main() -> None:
    """Take in, ask, and print."""
    model, store, source, length = sys.argv[1:]
    begun = time.perf_counter()
    articles = [json.loads(line) for line in Path(source).read_text("utf-8").splitlines()]
    cut = RecursiveCharacterTextSplitter(separators=SIGNS, chunk_size=int(length), chunk_overlap=0)
    texts, names = [each["text"] for each in articles], [{"id": each["id"]} for each in articles]
    documents = cut.create_documents(texts, names)
    embeddings = HuggingFaceEmbeddings(
        model_name=model, encode_kwargs={"normalize_embeddings": True}
    )
    chroma = Chroma(embedding_function=embeddings, persist_directory=store)
    for at in range(0, len(documents), AT_ONCE):
        chroma.add_documents(documents[at : at + AT_ONCE])
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    places = []
    for line in sys.stdin:
        asked = json.loads(line)
        hits = chroma.similarity_search(asked["title"], 20)
        found = list(dict.fromkeys(hit.metadata["id"] for hit in hits))
        places.append(found.index(asked["id"]) if asked["id"] in found else 99)
    print(json.dumps([len(documents), seconds, memory, places]))


if __name__ == "__main__":
    main()
