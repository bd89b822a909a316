// Server-sent events of a response to POST, which EventSource can't read.

export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (buffer + value).split("\n\n");
    buffer = blocks.pop();
    for (const block of blocks) {
      // Not by a pattern: to those U+2028 ends a line, too, which articles and questions may hold.
      const lines = block.split("\n");
      const told = (field) => lines.find((line) => line.startsWith(field))?.slice(field.length);
      const name = told("event: ");
      const data = told("data: ");
      if (name && data) yield { name, data: JSON.parse(data) };
    }
  }
}
