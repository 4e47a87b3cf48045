import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { LoopBeats } from './loop-beats';

/** One POST of a proposal as it reached QI. */
export interface ReceivedProposal {
  readonly requestKey: string;
  readonly controlKey: string;
  readonly body: string;
  readonly at: Date;
  /** It may have lain here unseen since: this process was held up. */
  readonly notBefore: Date;
  /** The key QI gave it, had it answered. */
  readonly proposalKey: string;
  /** The status it was answered with; undefined while it is not. */
  answered?: number;
}

export type Script =
  /** Takes it and says so, and where it stands among the partners' now. */
  | { readonly kind: 'accept'; readonly rank?: number }
  /** Takes it and says so once it is told to. */
  | { readonly kind: 'accept_when'; readonly released: Promise<void> }
  /** Takes it and never answers. */
  | { readonly kind: 'take_and_hang' }
  /** Takes it and cuts the connection. */
  | { readonly kind: 'take_and_cut' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Not before this. */
      readonly released?: Promise<void>;
    };

/** What could not be delivered: whoever asks and hears no list at all has not been told that nothing is missing. */
const NOTHING_LISTED = '{"data":[]}';

const ACCEPT: Script = { kind: 'accept' };

/**
 * The other end of the wire, for tests that need QI to do one exact thing at one exact moment: it records every
 * proposal and answers as the test's script says.
 */
export class ScriptedQi {
  readonly received: ReceivedProposal[] = [];
  readonly #ofRequest = new Map<string, ReceivedProposal[]>();
  /** Everything else that was asked of it, as METHOD path. */
  readonly commands: string[] = [];
  /** What to do with the nth proposal (from 1) of a request. */
  script: (proposal: ReceivedProposal, nth: number) => Script = () => ACCEPT;
  /** What it says to everything else that is asked of it. */
  commandStatus = 202;
  readonly #server: Server;
  readonly #beats = new LoopBeats();

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<ScriptedQi> {
    const qi = new ScriptedQi();
    await new Promise<void>((resolve) => qi.#server.listen(0, '127.0.0.1', resolve));
    return qi;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  proposalsFor(requestKey: string): readonly ReceivedProposal[] {
    return this.#ofRequest.get(requestKey) ?? [];
  }

  async close(): Promise<void> {
    this.#beats.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrived = { at: new Date(), notBefore: this.#beats.unseenSince() };
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const requestKey = /issuer_proposal_request\/([^/]+)\/auction_proposal$/.exec(request.url ?? '')?.[1];
    if (requestKey === undefined) {
      this.commands.push(`${request.method ?? ''} ${request.url ?? ''}`);
      const isList = request.method === 'GET' && request.url?.includes('/notification/events') === true;
      response
        .writeHead(this.commandStatus, { 'content-type': 'application/json' })
        .end(isList ? NOTHING_LISTED : '{"reservation_status":"authorized"}');
      return;
    }
    const { request_control_key: controlKey } = JSON.parse(body) as { request_control_key: string };
    const proposal: ReceivedProposal = {
      requestKey,
      controlKey,
      body,
      ...arrived,
      proposalKey: randomUUID(),
    };
    this.received.push(proposal);
    const ofRequest = [...this.proposalsFor(requestKey), proposal];
    this.#ofRequest.set(requestKey, ofRequest);
    const script = this.script(proposal, ofRequest.length);
    if (script.kind === 'take_and_hang') return;
    if (script.kind === 'take_and_cut') {
      response.destroy();
      return;
    }
    if ('released' in script) await script.released;
    const headers = script.kind === 'answer' ? script.headers : {};
    const [status, answer] =
      script.kind === 'answer'
        ? [script.status, script.body]
        : [
            200,
            JSON.stringify({
              auction_proposal_key: proposal.proposalKey,
              issuer_proposal_request_key: requestKey,
              request_control_key: controlKey,
              status: 'bid',
              rank_position: script.kind === 'accept' ? (script.rank ?? null) : null,
            }),
          ];
    proposal.answered = status;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answer);
  }
}

/** A promise and what keeps it: for answers that wait for their test. */
export function latch(): { readonly released: Promise<void>; readonly release: () => void } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    released,
    release: () => {
      release();
    },
  };
}
