import { createHash, randomUUID } from 'node:crypto';
import { ok, refusal, type Answer } from '../answer';
import { Shelf } from '../shelf';

/** Documents the partner sent to `POST /upload`: their keys and hashes, not their bytes. */
export class Uploads {
  readonly #documents: Shelf<string>;

  constructor(limit: () => number) {
    this.#documents = new Shelf(limit);
  }

  receive(file: Buffer | undefined): Answer {
    if (file === undefined || file.length === 0) return refusal(400, 'The form has no file', 'QIT000001');
    const key = randomUUID();
    const md5 = createHash('md5').update(file).digest('hex');
    this.#documents.put(key, md5);
    return ok({ document_key: key, document_md5: md5 });
  }

  md5Of(key: string): string | undefined {
    return this.#documents.find(key);
  }

  get count(): number {
    return this.#documents.size;
  }

  clear(): void {
    this.#documents.clear();
  }
}
