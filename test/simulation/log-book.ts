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
  readonly #lines: string[] = [];

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
    return this.#lines.slice(-MOST_LINES);
  }

  /** @returns what was said, ever, in which these words stand */
  messagesWith(words: string): readonly string[] {
    return [...this.#messages].filter((message) => message.includes(words));
  }

  /** @returns the messages of lines in which one of these words stands */
  holding(words: ReadonlySet<string>): readonly string[] {
    return this.#lines
      .filter((line) => [...words].some((word) => line.includes(word)))
      .map((line) => `log: ${(JSON.parse(line) as Line).msg}`);
  }

  #note(text: string): void {
    this.#lines.push(text);
    if (this.#lines.length > MOST_LINES * 2) this.#lines.splice(0, MOST_LINES);
    this.#messages.add((JSON.parse(text) as Line).msg);
    const mistake = mistakeIn(text);
    if (mistake !== undefined) this.#exceptions.add(mistake);
  }
}

/** What a line of the log says of a mistake of ours, if it does. */
export function mistakeIn(line: string): string | undefined {
  const { msg, err } = JSON.parse(line) as Line;
  const { type = '', message = '', code = '' } = err ?? {};
  // PostgreSQL's 22, 23 and 42: our own statements were wrong, or broke a rule of the schema.
  const isOurs = MISTAKES.has(type) || /^(22|23|42)...$/.test(code);
  return isOurs ? `${msg}: ${type} ${code} ${message}` : undefined;
}
