/**
 * The first file of a multipart form, byte for byte; empty when it has none. Enough for one upload at a time: a part is
 * what stands between two boundaries, its headers end with an empty line.
 */
export function firstFile(form: Buffer, contentType: string): Buffer {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return Buffer.alloc(0);
  const delimiter = Buffer.from(`--${boundary}`);
  for (let at = form.indexOf(delimiter); at !== -1;) {
    const next = form.indexOf(delimiter, at + delimiter.length);
    if (next === -1) break;
    const part = form.subarray(at + delimiter.length, next);
    const headersEnd = part.indexOf('\r\n\r\n');
    if (headersEnd !== -1 && /filename=/i.test(part.subarray(0, headersEnd).toString()))
      return part.subarray(headersEnd + 4, part.length - 2);
    at = next;
  }
  return Buffer.alloc(0);
}
