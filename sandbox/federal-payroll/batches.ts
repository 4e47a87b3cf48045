import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/kernel';
import { ok, type Answer } from '../answer';
import { schemaError } from '../debts/financial';
import type { SignatureBatch } from '../debts/debt';
import { isText } from '../fields';
import { Shelf } from '../shelf';

const LONGEST_NAME = 100;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Envelopes in which several debts of one servant are signed at once. */
export class Batches {
  readonly #byKey: Shelf<SignatureBatch>;
  readonly #byControlKey: Shelf<string>;

  constructor(limit: () => number) {
    this.#byKey = new Shelf(limit);
    this.#byControlKey = new Shelf(limit);
  }

  open(body: JsonObject): Answer {
    const { batch_name: name, request_control_key: control } = body;
    const problems = {
      ...(body['type'] === 'federal_payroll_external_batch'
        ? {}
        : { type: 'federal_payroll_external_batch' }),
      ...(body['certifier_type'] === 'qi_sign' ? {} : { certifier_type: 'qi_sign' }),
      ...(isText(name) && name.length <= LONGEST_NAME ? {} : { batch_name: '1 to 100 characters' }),
      ...(isText(control) && UUID.test(control) ? {} : { request_control_key: 'a UUID, version 4' }),
    };
    if (Object.keys(problems).length > 0 || !isText(control)) return schemaError(problems);
    const key = this.#byControlKey.find(control) ?? randomUUID();
    this.#byControlKey.put(control, key);
    if (this.#byKey.find(key) === undefined) this.#byKey.put(key, { key, debts: [] });
    return ok({ document_batch_key: key });
  }

  find(key: string): SignatureBatch | undefined {
    return this.#byKey.find(key);
  }

  clear(): void {
    this.#byKey.clear();
    this.#byControlKey.clear();
  }
}
