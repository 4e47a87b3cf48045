import { pino } from 'pino';
import type { Logger } from '../../src/platform';

const MOST_LINES = 400;
/** Errors that no network and no database makes: somebody's mistake. */
const MISTAKES: ReadonlySet<string> = new Set([
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'AssertionError',
  'EntityNotFoundError',
]);

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly err?: {
    readonly type?: string;
    readonly message?: string;
    readonly code?: string;
    readonly stack?: string;
  };
}

/** Everything that the simulated processes log: searched for what must not be there. */
export class LogBook {
  readonly logger: Logger;
  readonly #exceptions = new Set<string>();
  /** Each once: there are as many as the code has words. */
  readonly #messages = new Set<string>();
  #tail: string[] = [];
  /** Lines that were not searched for personal words yet. */
  #unread: string[] = [];
  readonly #holding = new Set<string>();

  constructor(isKept = false) {
    this.logger = pino(
      { level: 'info', base: null, timestamp: false },
      {
        write: (line: string) => {
          this.#note(line);
          if (isKept) process.stderr.write(line);
        },
      },
    );
  }

  exceptions(): readonly string[] {
    return [...this.#exceptions];
  }

  get tail(): readonly string[] {
    return this.#tail.slice(-MOST_LINES);
  }

  /** @returns what was said, ever, in which these words stand */
  messagesWith(words: string): readonly string[] {
    return [...this.#messages].filter((message) => message.includes(words));
  }

  /** @returns the messages of lines in which one of these words stands, or stood when they were read: each is read once */
  holding(words: ReadonlySet<string>): readonly string[] {
    const unread = this.#unread.join('');
    const found = [...words].filter((word) => unread.includes(word));
    for (const line of found.length === 0 ? [] : this.#unread)
      if (found.some((word) => line.includes(word))) this.#holding.add(`log: ${messageOf(line)}`);
    this.#unread = [];
    return [...this.#holding];
  }

  #note(text: string): void {
    this.#unread.push(text);
    this.#tail.push(text);
    if (this.#tail.length > MOST_LINES * 2) this.#tail = this.#tail.slice(-MOST_LINES);
    this.#messages.add(messageOf(text));
    const mistake = mistakeIn(text);
    if (mistake !== undefined) this.#exceptions.add(mistake);
  }
}

const messageOf = (line: string): string => (JSON.parse(line) as Line).msg;

/** What a line of the log says of a mistake of ours, if it does. */
export function mistakeIn(line: string): string | undefined {
  const { msg, err } = JSON.parse(line) as Line;
  const { type = '', message = '', code = '' } = err ?? {};
  // PostgreSQL's 22, 23 and 42: our own statements were wrong, or broke a rule of the schema.
  const isOurs = MISTAKES.has(type) || /^(22|23|42)...$/.test(code);
  return isOurs ? `${msg}: ${type} ${code} ${message}` : undefined;
}
