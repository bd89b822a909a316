"""LlamaIndex: SentenceSplitter counting characters, VectorStoreIndex in memory."""

from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from peer import FOUND, Search, run


def index(passages: list[dict[str, Any]], model: str, length: int) -> tuple[int, Search]:
    """Index passages."""
    documents = [Document(text=each["text"], id_=each["id"]) for each in passages]
    cut = SentenceSplitter(
        chunk_size=length, chunk_overlap=0, tokenizer=list, include_metadata=False
    )
    nodes = cut.get_nodes_from_documents(documents)
    embeddings = HuggingFaceEmbedding(
        model_name=model, query_instruction="query: ", text_instruction="passage: "
    )
    built = VectorStoreIndex(nodes, embed_model=embeddings)
    retriever = built.as_retriever(similarity_top_k=FOUND)
    return len(nodes), lambda question: [
        str(each.node.ref_doc_id) for each in retriever.retrieve(question)
    ]


run(index)
