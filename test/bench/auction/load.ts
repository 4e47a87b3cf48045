import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { newCpf, proposalRequest } from '../../support/webhooks';

/** A request that is going to be pushed. */
export interface Pushed {
  readonly key: string;
  readonly body: string;
  /** How long its auction is open from the making of this body. */
  readonly windowSeconds: number;
  readonly limitAt: number;
  sentAt: number;
}

const KEY = '00000000-0000-4000-8000-000000000000';
const CPF = '00737823780';
const EMPLOYER = '29113956000181';
const EMPLOYERS = 500;

/** Realistic requests of as many borrowers and of 500 employers, their limits in turn; all of them are bid for. */
export function makeRequests(count: number, windows: readonly number[] = [60, 90]): Pushed[] {
  const templates = windows.map((windowSeconds) =>
    JSON.stringify(
      proposalRequest({ key: KEY, cpf: CPF, windowSeconds, facts: { disbursed_issue_amount: 1_000 } }),
    ),
  );
  const madeAt = Date.now();
  return Array.from({ length: count }, (_, nth) => {
    const key = randomUUID();
    const windowSeconds = windows[nth % windows.length] ?? 60;
    const template = templates[nth % windows.length] ?? '';
    const body = template
      .replaceAll(KEY, key)
      .replaceAll(CPF, newCpf())
      .replaceAll(EMPLOYER, cnpj(nth % EMPLOYERS));
    return { key, body, windowSeconds, limitAt: madeAt + windowSeconds * 1_000, sentAt: 0 };
  });
}

function cnpj(nth: number): string {
  const root = `${String(11_222_333 + nth).padStart(8, '0')}0001`;
  const digit = (digits: string): number => {
    let weight = digits.length - 7;
    let sum = 0;
    for (const each of digits) {
      sum += Number(each) * weight;
      weight = weight === 2 ? 9 : weight - 1;
    }
    return sum % 11 < 2 ? 0 : 11 - (sum % 11);
  };
  const thirteen = `${root}${digit(root)}`;
  return `${thirteen}${digit(thirteen)}`;
}

/** Pushes webhooks to the doors in turn, over so many connections that stay open. */
export class Pusher {
  readonly #agent: Agent;
  #next = 0;

  constructor(
    private readonly ports: readonly number[],
    connections = 64,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: Math.ceil(connections / ports.length) });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** @returns whether it was acknowledged. */
  push(pushed: Pushed): Promise<boolean> {
    const port = this.ports[this.#next++ % this.ports.length];
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(pushed.body) };
    return new Promise((resolve) => {
      pushed.sentAt = Date.now();
      request(
        { host: '127.0.0.1', port, path: '/webhooks/qi', method: 'POST', agent: this.#agent, headers },
        (response) => {
          response.resume().once('end', () => {
            resolve(response.statusCode === 200);
          });
        },
      )
        .once('error', () => {
          resolve(false);
        })
        .end(pushed.body);
    });
  }

  /** As many a second, whether or not they are answered. @returns how many were not acknowledged. */
  async pushAtRate(requests: readonly Pushed[], perSecond: number): Promise<number> {
    const began = performance.now();
    const answers: Promise<boolean>[] = [];
    while (answers.length < requests.length) {
      const due = Math.floor(((performance.now() - began) / 1_000) * perSecond) + 1;
      for (const one of requests.slice(answers.length, due)) answers.push(this.push(one));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return (await Promise.all(answers)).filter((isTaken) => !isTaken).length;
  }

  /** One after the other on each connection, for so long or until none is left. @returns how many were acknowledged. */
  async pushAtOnce(requests: readonly Pushed[], connections: number, forMs = Infinity): Promise<number> {
    const until = performance.now() + forMs;
    const left = requests[Symbol.iterator]();
    let taken = 0;
    const lane = async (): Promise<void> => {
      for (const one of left) {
        if (await this.push(one)) taken += 1;
        if (performance.now() > until) return;
      }
    };
    await Promise.all(Array.from({ length: connections }, lane));
    return taken;
  }
}
