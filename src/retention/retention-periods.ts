import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { calendarDateAt, type Clock } from '../kernel';
import { RETENTION_CLASSES, type RetentionClass } from './retention-classes';

const period = z.strictObject({ keep_days: z.int().min(30).max(36_525), because: z.string().min(1) });
export type RetentionPeriod = z.output<typeof period>;
export type RetentionPeriods = Readonly<Record<RetentionClass, RetentionPeriod>>;

const schema = z
  .array(z.strictObject({ valid_from: z.iso.date(), classes: z.strictObject(byClass(() => period)) }))
  .min(1);

/** What config/retention.json says today. @throws Error when it says nothing yet, or cannot be read */
export function readRetentionPeriods(clock: Pick<Clock, 'now'>, directory = 'config'): RetentionPeriods {
  const dated = schema.parse(JSON.parse(readFileSync(join(directory, 'retention.json'), 'utf8')));
  const today = calendarDateAt(clock.now());
  const current = dated
    .filter(({ valid_from }) => valid_from <= today)
    .toSorted((one, other) => one.valid_from.localeCompare(other.valid_from))
    .at(-1);
  if (current === undefined) throw new Error('config/retention.json has no period that is valid today');
  return current.classes;
}

function byClass<T>(make: () => T): Record<RetentionClass, T> {
  return Object.fromEntries(RETENTION_CLASSES.map((name) => [name, make()])) as Record<RetentionClass, T>;
}
