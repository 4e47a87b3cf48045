import type { Random } from '../../sandbox/random';
import { Endpoints } from '../../src/notifications/endpoints.service';
import type { OutgoingWebhook, SendResult, WebhookSender } from '../../src/notifications/webhook-sender';
import { isSignedWith } from '../support/notification-receiver';
import type { SimulatedOwner } from './replaced-runtime';
import type { Scheduler } from './scheduler';
import type { SimulatedProcess } from './simulated-process';

const LISTENS_TO = [
  'auction.decided',
  'auction.won',
  'auction.lost',
  'operation.disbursed',
  'operation.failed',
  'task.opened',
] as const;
const WIRE_MS = [1, 40] as const;
const PATIENCE_MS = 10_000;
/** What it does with what it is told while it has troubles of its own. */
const TROUBLED = { takes: 10, refuses: 3, takes_without_a_word: 1, is_silent: 1 } as const;
type Fate = keyof typeof TROUBLED;

interface Told {
  readonly type: string;
  readonly subject: string;
}

/** A partner's system that listens: it keeps what it was told, and now and then is down, slow or forgets to answer. */
export class Partner {
  isTroubled = false;
  /** By the number of the message; a message that comes again is the same one. */
  readonly #told = new Map<string, string>();
  readonly #unread: string[] = [];
  readonly #holding: string[] = [];
  readonly #complaints: string[] = [];
  #secret = '';

  constructor(
    private readonly random: Random,
    private readonly scheduler: Scheduler,
  ) {}

  /** Asks to be told, at this process. */
  async subscribe(process: SimulatedProcess): Promise<void> {
    const request = {
      channel: 'webhook' as const,
      url: 'https://partner.example/arremate',
      description: 'parceiro da simulação',
      recipients: [],
      event_types: [...LISTENS_TO],
      quiet_from: undefined,
      quiet_until: undefined,
    };
    const { secret } = await process.get(Endpoints).create(request, { id: 'ana', roles: ['admin'] });
    this.#secret = secret ?? '';
  }

  /** In the place of what sends webhooks over the real network, for one process. */
  wireOf(owner: SimulatedOwner): Pick<WebhookSender, 'refusalOf' | 'send'> {
    const way = (): Promise<void> => this.scheduler.wait(this.random.integer(...WIRE_MS), owner);
    return {
      refusalOf: () => undefined,
      send: async (webhook): Promise<SendResult> => {
        await way();
        const fate: Fate = this.isTroubled ? this.random.weighted(TROUBLED) : 'takes';
        if (fate === 'takes' || fate === 'takes_without_a_word') this.#take(webhook);
        if (fate === 'takes_without_a_word' || fate === 'is_silent') {
          await this.scheduler.wait(PATIENCE_MS, owner);
          return { kind: 'no_answer', error: 'timeout' };
        }
        await way();
        return { kind: 'answered', httpStatus: fate === 'takes' ? 204 : 503 };
      },
    };
  }

  /** Everything that was told, each once: its type and whom it is about. */
  get told(): readonly Told[] {
    return [...this.#told.values()].map((text) => JSON.parse(text) as Told);
  }

  /** @returns in which messages since the last look one of these words stands */
  holding(words: ReadonlySet<string>): readonly string[] {
    const texts = this.#unread.splice(0);
    const holding = texts.filter((text) => [...words].some((word) => text.includes(word)));
    this.#holding.push(...holding.map((text) => `told to a partner: ${(JSON.parse(text) as Told).type}`));
    return this.#holding;
  }

  /** Messages that nobody should have to bear. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  #take({ headers, body }: OutgoingWebhook): void {
    const id = headers['webhook-id'] ?? '';
    if (!isSignedWith(this.#secret, { headers, text: body })) this.#complaints.push(`${id} is not signed`);
    const before = this.#told.get(id);
    if (before !== undefined && before !== body) this.#complaints.push(`${id} is another one than before`);
    this.#told.set(id, body);
    this.#unread.push(body);
  }
}
