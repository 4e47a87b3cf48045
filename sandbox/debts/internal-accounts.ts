import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/kernel';
import { ok, type Answer } from '../answer';
import { isCpf, textOf } from '../fields';
import { isoWithoutZone } from '../printed-time';
import { Random } from '../random';
import { Shelf } from '../shelf';
import { schemaError } from './financial';

/** Accounts at QI in a borrower's name, one for each: asking again gives the same one. */
export class InternalAccounts {
  readonly #accounts: Shelf<JsonObject>;

  constructor(
    private readonly seed: number,
    limit: () => number,
  ) {
    this.#accounts = new Shelf(limit);
  }

  open(body: JsonObject, at: Date): Answer {
    const owner = body['owner_document_number'];
    if (!isCpf(owner)) return schemaError({ owner_document_number: 'a CPF of 11 digits' });
    const random = new Random(this.seed, `account of ${owner}`);
    const account = this.#accounts.find(owner) ?? {
      account_key: randomUUID(),
      account_branch: '0001',
      account_number: random.digits(7),
      account_digit: random.digits(1),
      account_type: 'checking',
      account_status: 'opened',
      owner_document_number: owner,
      owner_name: textOf(body['owner_name']),
      owner_person_key: textOf(body['owner_person_key']) || randomUUID(),
      created_at: isoWithoutZone(at),
    };
    this.#accounts.put(owner, account);
    return ok(account);
  }

  clear(): void {
    this.#accounts.clear();
  }
}
