import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Random } from '../../../sandbox/random';
import type { Script } from '../../support/scripted-qi';
import { endConnections } from '../../support/skewed-database';
import type { Victim } from './victim';

export interface Fault {
  /** In a report. */
  readonly what: string;
  /** Why it cannot be done to this one; undefined where it can. */
  readonly impossible?: (victim: Victim) => string | undefined;
  /** Breaks it, for a moment that the seed chooses. What stays broken is healed by whoever calls. */
  readonly strike: (victim: Victim, random: Random) => Promise<void>;
}

const READERS = 40;
const CLIENTS = 100;

export const FAULTS = {
  service_killed: {
    what: 'kill -9 of a service',
    strike: async ({ services }, random) => {
      await services[random.integer(0, 1)]?.kill();
      await pause(random.integer(0, 1_500));
    },
  },
  services_killed: {
    what: 'kill -9 of both services at once',
    strike: async ({ services }, random) => {
      await Promise.all(services.map((service) => service.kill()));
      await pause(random.integer(0, 500));
    },
  },
  postgres_killed: {
    what: 'kill -9 of PostgreSQL',
    strike: async (victim, random) => {
      victim.killPostgres();
      await pause(random.integer(0, 1_000));
    },
  },
  disk_full: {
    what: 'the disk of PostgreSQL and of the services full',
    impossible: ({ hasOwnDisk }) =>
      hasOwnDisk ? undefined : 'only who may mount a small disk (root on Linux) can fill one',
    strike: async (victim, random) => {
      victim.fillDisk();
      await pause(random.integer(1_000, 4_000));
    },
  },
  connections_cut: {
    what: 'connections to the database cut',
    strike: async ({ network, sql }, random) => {
      if (random.chance(0.5)) await endConnections(sql);
      else network.cut();
      await pause(random.integer(100, 2_000));
    },
  },
  connections_silent: {
    what: 'connections to the database silent',
    strike: async ({ network }, random) => {
      network.goSilent();
      await pause(random.integer(500, 4_000));
    },
  },
  answers_held: {
    what: 'answers, or requests, of the database held back',
    strike: async ({ network }, random) => {
      network.hold(random.pick(['client', 'server']));
      await pause(random.integer(100, 2_500));
    },
  },
  process_stopped: {
    what: 'a service stopped and woken (SIGSTOP)',
    strike: async ({ services }, random) => {
      const service = services[random.integer(0, 1)];
      service?.stun();
      await pause(random.integer(300, 5_000));
    },
  },
  clock_skewed: {
    what: "the database's clock ahead or behind",
    strike: async (victim, random) => {
      await victim.skew(random.pick([-30, -5, 5, 30]));
      await pause(random.integer(1_500, 4_000));
    },
  },
  readers_waiting: {
    what: 'every connection for readers taken, behind a lock',
    strike: async ({ sql, services }, random) => {
      const holder = await sql.connect();
      try {
        await holder.query('BEGIN; LOCK TABLE task, operation_event IN ACCESS EXCLUSIVE MODE');
        const readers = Array.from({ length: READERS }, (_, n) =>
          services[n % 2 === 0 ? 0 : 1].get('/api/v1/tasks').catch(() => undefined),
        );
        await pause(random.integer(1_000, 4_000));
        await holder.query('ROLLBACK');
        await Promise.all(readers);
      } finally {
        holder.release();
      }
    },
  },
  server_exhausted: {
    what: 'no connection of the server free, while services have to connect anew',
    strike: async ({ sql }, random) => {
      const { connectionString } = sql.options;
      const clients = Array.from({ length: CLIENTS }, () => new Client({ connectionString }));
      for (const client of clients) client.on('error', () => undefined);
      await endConnections(sql);
      await Promise.allSettled(clients.map((client) => client.connect()));
      await pause(random.integer(500, 3_000));
      await Promise.allSettled(clients.map((client) => client.end()));
    },
  },
  qi_failing: {
    what: 'QI slow, busy, failing, cut off in the middle',
    strike: async ({ qi }, random) => {
      qi.script = (): Script => {
        switch (random.weighted({ 503: 2, 429: 2, 500: 2, cut: 2, slow: 2, accept: 3 })) {
          case '503':
            return { kind: 'answer', status: 503, body: '{}' };
          case '429':
            return { kind: 'answer', status: 429, body: '{}', headers: { 'retry-after': '1' } };
          case '500':
            return { kind: 'answer', status: 500, body: '{}' };
          case 'cut':
            return { kind: 'take_and_cut' };
          case 'slow':
            return { kind: 'accept_when', released: pause(random.integer(100, 3_000)) };
          default:
            return { kind: 'accept' };
        }
      };
      await pause(random.integer(1_000, 4_000));
    },
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
