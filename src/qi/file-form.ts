import { randomUUID } from 'node:crypto';

/** A file that is sent instead of JSON. */
export interface SentFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The form with which one file is uploaded (RFC 7578). The boundary is drawn, so that no file can hold it. */
export function fileForm({ name, type, bytes }: SentFile): {
  readonly contentType: string;
  readonly body: Buffer;
} {
  const boundary = `arremate-${randomUUID()}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
