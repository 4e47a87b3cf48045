import { Inject, Injectable } from '@nestjs/common';
import { SAO_PAULO, type Clock } from '../kernel';
import { CLOCK } from './clock';
import { SETTINGS, type Settings } from './settings';

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
    const time = this.clock.now().toLocaleTimeString('pt-BR', { timeZone: SAO_PAULO });
    process.stdout.write(
      `${time}  ${subject.padEnd(9)}  ${key.slice(0, 8)}  ${event.padEnd(9)}  ${detail}`.trimEnd() + '\n',
    );
  }
}
