import { randomUUID } from 'node:crypto';
import { newCpf, proposalRequest } from '../../support/webhooks';

export interface Request {
  readonly key: string;
  readonly body: Buffer;
  readonly windowSeconds: number;
}

/** Many enough that no limit of one employer is reached; loans are small so that no other limit is. */
const EMPLOYERS = 5_000;
const AMOUNT = 1_000;
/** São Paulo has had no summer time since 2019. */
const SAO_PAULO_MS = 3 * 3_600_000;

const KEY = 'key-of-the-request';
const [CPF, EMPLOYER, LIMIT, EVENT] = [
  'cpf-of-the-borrower',
  'cnpj-of-the-employer',
  'the-limit',
  'the-event',
];

/**
 * The manual's sample, as `proposalRequest` moves it to now, cut where one request differs from the next, so that a
 * request costs the generator of load next to nothing.
 */
const pieces: readonly string[] = ((): readonly string[] => {
  const facts = {
    document_number: CPF,
    employer_document_number: EMPLOYER,
    disbursed_issue_amount: AMOUNT,
  };
  const request = proposalRequest({ key: KEY, facts });
  const data = { ...(request['data'] as object), inclusion_limit_datetime: LIMIT };
  const text = JSON.stringify({ ...request, event_datetime: EVENT, data });
  return text.split(new RegExp(`(${[KEY, CPF, EMPLOYER, LIMIT, EVENT].join('|')})`));
})();

/** The requests of one run: another borrower each, limits of 60 and 30 s in turn, dated the moment they are asked for. */
export class Requests {
  #made = 0;

  /** @param windows how long the limits lie ahead, in turn */
  next(windows: readonly number[] = [60, 30]): Request {
    const number = this.#made++;
    const key = randomUUID();
    const windowSeconds = windows[number % windows.length] ?? 60;
    const at = Date.now();
    const given: Readonly<Record<string, string>> = {
      [KEY]: key,
      [CPF]: newCpf(100_000_000 + number),
      [EMPLOYER]: cnpj(number % EMPLOYERS),
      [LIMIT]: new Date(at + windowSeconds * 1_000 - SAO_PAULO_MS).toISOString(),
      [EVENT]: `${new Date(at).toISOString().slice(0, 19)}Z`,
    };
    const body = Buffer.from(pieces.map((piece) => given[piece] ?? piece).join(''));
    return { key, body, windowSeconds };
  }
}

/** The valid CNPJ of employer number so-and-so. */
export function cnpj(number: number): string {
  const twelve = `${String(11_222_333 + number).padStart(8, '0')}0001`;
  const digit = (digits: string): number => {
    const sum = Array.from(digits).reduceRight(
      (total, character, at) => total + Number(character) * (2 + ((digits.length - 1 - at) % 8)),
      0,
    );
    return ((sum * 10) % 11) % 10;
  };
  const thirteen = `${twelve}${digit(twelve)}`;
  return `${thirteen}${digit(thirteen)}`;
}
