import { createHash } from 'node:crypto';

const WORDS = 8;

/** Numbers from 0 to below 1 that depend on the text alone: the same question has the same answer. */
export function seededStream(text: string): () => number {
  let [block, at] = [Buffer.alloc(0), 0];
  return () => {
    if (at % WORDS === 0)
      block = createHash('sha256')
        .update(`${String(at)} ${text}`)
        .digest();
    const drawn = block.readUInt32BE((at % WORDS) * 4) / 2 ** 32;
    at += 1;
    return drawn;
  };
}
