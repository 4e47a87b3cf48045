import { Inject, Injectable } from '@nestjs/common';
import { SAO_PAULO, type Clock } from '../../kernel';
import { AUCTION_STATUS, inSentence, OPERATION_STATUS, wordOf, type Words } from '../../words';
import { CLOCK } from '../process/clock';
import { SETTINGS, type Settings } from '../settings';
import { LogOutput, STANDARD_OUTPUT } from './log-output';

/** Made once: making one takes longer than all the rest of a line. */
const timeOfDay = new Intl.DateTimeFormat('pt-BR', { timeZone: SAO_PAULO, timeStyle: 'medium' });

type Subject = 'auction' | 'operation';

/** What a line adds, in both languages. */
export interface Said {
  readonly en: string;
  readonly pt: string;
}

const SUBJECT: Readonly<Record<Subject, readonly [name: string, events: Words]>> = {
  auction: ['leilão', AUCTION_STATUS],
  operation: ['operação', OPERATION_STATUS],
};

/**
 * One plain line per thing that happened, for whoever watches the terminal: in English, or in Portuguese where a setting
 * says so. Standard output belongs to people only when the structured log goes to a file; otherwise nothing is written.
 * Lines carry no personal data.
 */
@Injectable()
export class Terminal {
  /** A terminal may take no more: stopped by a key, or at the other end of a line that is down. */
  readonly #output: LogOutput | undefined;
  readonly #isPortuguese: boolean;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    if (settings.ARREMATE_LOG_FILE !== undefined) this.#output = terminalOutput();
    this.#isPortuguese = settings.ARREMATE_TERMINAL_LANGUAGE === 'pt-BR';
  }

  line(subject: Subject, key: string, event: string, said: Said = NOTHING): void {
    if (this.#output === undefined) return;
    const time = timeOfDay.format(this.clock.now());
    const [name, word, detail] = this.#isPortuguese
      ? inPortuguese(subject, event, said)
      : [subject, event, said.en];
    this.say(`${time}  ${name.padEnd(9)}  ${key.slice(0, 8)}  ${word.padEnd(9)}  ${detail}`.trimEnd());
  }

  say(line: string): void {
    this.#output?.write(`${line}\n`);
  }
}

function terminalOutput(): LogOutput {
  const output = new LogOutput(STANDARD_OUTPUT, {
    lost: (lines) => {
      output.write(`(${lines} lines are missing here)\n`);
    },
  });
  process.once('exit', () => {
    output.flushSync();
  });
  return output;
}

const NOTHING: Said = { en: '', pt: '' };

function inPortuguese(subject: Subject, event: string, { pt }: Said): readonly [string, string, string] {
  const [name, events] = SUBJECT[subject];
  return [name, inSentence(wordOf(events, event)), pt];
}
