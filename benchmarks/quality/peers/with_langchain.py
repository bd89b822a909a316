"""LangChain: RecursiveCharacterTextSplitter with the separators its docs advise for Chinese, Chroma."""

from typing import Any

from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from peer import FOUND, Search, run

SEPARATORS = ["\n\n", "\n", " ", ".", ",", "\u200b", "，", "、", "．", "。", ""]


def index(passages: list[dict[str, Any]], model: str, length: int) -> tuple[int, Search]:
    """Index passages."""
    cut = RecursiveCharacterTextSplitter(
        separators=SEPARATORS, chunk_size=length, chunk_overlap=0, keep_separator="end"
    )
    documents = cut.create_documents(
        [each["text"] for each in passages], [{"id": each["id"]} for each in passages]
    )
    embeddings = HuggingFaceEmbeddings(
        model_name=model,
        encode_kwargs={"normalize_embeddings": True, "prompt": "passage: "},
        query_encode_kwargs={"normalize_embeddings": True, "prompt": "query: "},
    )
    store = Chroma(embedding_function=embeddings)
    for at in range(0, len(documents), 5000):
        store.add_documents(documents[at : at + 5000])
    return len(documents), lambda question: [
        each.metadata["id"] for each in store.similarity_search(question, FOUND)
    ]


run(index)
