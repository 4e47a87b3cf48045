import { Inject, Injectable } from '@nestjs/common';
import { SAO_PAULO, type Clock } from '../kernel';
import { CLOCK } from './clock';
import { SETTINGS, type Settings } from './settings';

/** Made once: making one takes longer than all the rest of a line. */
const timeOfDay = new Intl.DateTimeFormat('pt-BR', { timeZone: SAO_PAULO, timeStyle: 'medium' });

/**
 * One plain line per thing that happened, for whoever watches the terminal. Standard output belongs to people only
 * when the structured log goes to a file; otherwise nothing is written. Lines carry no personal data.
 */
@Injectable()
export class Terminal {
  readonly #enabled: boolean;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#enabled = settings.ARREMATE_LOG_FILE !== undefined;
  }

  line(subject: 'auction' | 'operation', key: string, event: string, detail = ''): void {
    if (!this.#enabled) return;
    const time = timeOfDay.format(this.clock.now());
    process.stdout.write(
      `${time}  ${subject.padEnd(9)}  ${key.slice(0, 8)}  ${event.padEnd(9)}  ${detail}`.trimEnd() + '\n',
    );
  }
}
