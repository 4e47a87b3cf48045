import { parseArgs } from 'node:util';
import { SUBJECT_NAMES, type SubjectName } from './subjects';

export interface Options {
  readonly subjects: readonly SubjectName[];
  readonly stepSeconds: number;
  readonly burst: number;
  /** Webhooks of the burst for the usual way, which takes so much longer. */
  readonly usualBurst: number;
  readonly acknowledgeSeconds: number;
  readonly idleSeconds: number;
  /** Auctions to store before the sustained rate is looked for once more; 0: not. */
  readonly stored: number;
  readonly soakMinutes: number;
  /** Processes on one database; 1: not measured apart. */
  readonly processes: number;
}

export const USAGE = `npm run bench -- auction [--only usual,bare,grouped,arremate] [--quick]
  [--stored AUCTIONS] [--soak MINUTES] [--processes N]`;

/** @throws Error that says what cannot be read */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: SUBJECT_NAMES.join() },
      quick: { type: 'boolean', default: false },
      stored: { type: 'string', default: '0' },
      soak: { type: 'string', default: '0' },
      processes: { type: 'string', default: '1' },
    },
  });
  const only = values.only.split(',');
  const strangers = only.filter((name) => !SUBJECT_NAMES.some((known) => known === name));
  if (strangers.length > 0) throw new Error(`unknown: ${strangers.join()}`);
  return {
    subjects: SUBJECT_NAMES.filter((name) => only.includes(name)),
    ...(values.quick
      ? { stepSeconds: 4, burst: 1_000, usualBurst: 500, acknowledgeSeconds: 3, idleSeconds: 5 }
      : { stepSeconds: 8, burst: 5_000, usualBurst: 3_000, acknowledgeSeconds: 5, idleSeconds: 10 }),
    stored: positive('stored', values.stored),
    soakMinutes: positive('soak', values.soak),
    processes: positive('processes', values.processes),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (text === '' || !(value >= 0)) throw new Error(`--${name} needs a number, not "${text}"`);
  return value;
}
