import { existsSync } from 'node:fs';
import type { DatabaseFigures, Measured } from './measured';
import { HEARD, hourOf } from './silence';
import { RUNBOOKS, TROUBLE_KINDS, type Trouble } from './trouble';
import { sightOf, troublesOf, untoldOf } from './troubles-of';

const NOW = new Date('2026-11-27T15:00:00Z');
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const inDays = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);

const WELL: DatabaseFigures = {
  now: NOW,
  qi: {
    failures: 0,
    failedSince: null,
    answeredAt: ago(0),
    lastFailure: null,
    undelivered: 0,
    lastMinute: { calls: 20, failed: 0 },
  },
  commands: { waiting: 0, since: null },
  webhooks: {
    lastAt: ago(0),
    listeningSince: ago(600),
    inHourBefore: 900,
    queued: 0,
    oldestQueuedAt: null,
  },
  success: { lastWinAt: ago(1), lastSignatureAt: ago(1), bidsSince: ago(6_000) },
  unwatchedSince: null,
  processes: { working: 2, workedUntil: NOW, clocksOff: 0 },
  told: [],
};
const ALL_WELL: Measured = {
  now: NOW,
  database: WELL,
  databaseAnsweredAt: NOW,
  usual: new Map(),
  certificates: [{ host: 'api.qi', endsAt: inDays(60) }],
  certificatesUnseen: [],
  disks: [{ directory: '.data', freeBytes: 50, totalBytes: 100 }],
};
const database = (change: Partial<DatabaseFigures>): Partial<Measured> => ({
  database: { ...WELL, ...change },
});
const qi = (change: Partial<DatabaseFigures['qi']>) => database({ qi: { ...WELL.qi, ...change } });
const webhooks = (change: Partial<DatabaseFigures['webhooks']>) =>
  database({ webhooks: { ...WELL.webhooks, ...change } });
const success = (change: Partial<DatabaseFigures['success']>) => ({
  database: { ...WELL, success: { ...WELL.success, ...change } },
});
/** So many of everything in each hour of the last weeks. */
const usually = (perHour: number, weeks = 4): Measured['usual'] => {
  const hours = Array.from({ length: weeks * 168 }, (_, n) => [hourOf(NOW) - n - 1, perHour] as const);
  return new Map(HEARD.map((what) => [what, new Map(hours)]));
};
const told = (change: Partial<Measured>, before: readonly Trouble[] = []) =>
  troublesOf({ ...ALL_WELL, ...change }, before);

const silent = { lastAt: ago(6), inHourBefore: 120 };
const barren = { lastWinAt: ago(90), lastSignatureAt: ago(90) };

describe('what is wrong', () => {
  it.each<[string, Partial<Measured>, readonly Partial<Trouble>[]]>([
    ['nothing', {}, []],
    [
      'QI takes no bid',
      qi({ failures: 3, failedSince: ago(8), lastFailure: 'server_error', undelivered: 12 }),
      [{ kind: 'qi_down', severity: 'critical', since: ago(8), count: 12, detail: 'server_error' }],
    ],
    ['one bid failed alone', qi({ failures: 2, failedSince: ago(1), lastFailure: 'no_answer' }), []],
    [
      'QI takes some',
      qi({ lastMinute: { calls: 10, failed: 3 }, lastFailure: 'too_many_requests' }),
      [{ kind: 'qi_failing', severity: 'warning', since: NOW, count: 3, detail: 'too_many_requests' }],
    ],
    ['QI takes nearly all', qi({ lastMinute: { calls: 10, failed: 2 } }), []],
    ['too few calls to tell', qi({ lastMinute: { calls: 4, failed: 2 } }), []],
    [
      'commands that QI does not take',
      database({ commands: { waiting: 2, since: ago(5) } }),
      [{ kind: 'commands_waiting', severity: 'warning', since: ago(5), count: 2 }],
    ],
    [
      'silence',
      webhooks(silent),
      [{ kind: 'webhooks_silent', severity: 'critical', since: ago(6), count: 12 }],
    ],
    ['silence as every week', { ...webhooks(silent), usual: usually(90) }, []],
    [
      'silence in a young database',
      { ...webhooks(silent), usual: usually(200, 0) },
      [{ kind: 'webhooks_silent', severity: 'critical', since: ago(6), count: 12 }],
    ],
    [
      'no win and no signature, where the weeks before had some',
      { ...success(barren), usual: usually(8) },
      [
        { kind: 'wins_silent', severity: 'critical', since: ago(90), count: 12 },
        { kind: 'signatures_silent', severity: 'warning', since: ago(90), count: 12 },
      ],
    ],
    ['few are usual at this hour', { ...success(barren), usual: usually(6) }, []],
    ['nobody knows yet what is usual', { ...success(barren), usual: usually(8, 0.5) }, []],
    [
      'no win while bidding is stopped',
      { ...success({ lastWinAt: ago(90), bidsSince: null }), usual: usually(8) },
      [],
    ],
    [
      'no win since bidding went on',
      { ...success({ lastWinAt: ago(900), bidsSince: ago(9) }), usual: usually(90) },
      [],
    ],
    [
      'the same before we listened',
      {
        database: {
          ...WELL,
          success: { ...WELL.success, ...barren },
          webhooks: { ...WELL.webhooks, listeningSince: ago(9) },
        },
        usual: usually(90),
      },
      [],
    ],
    [
      'one silence alone, where it explains the others',
      {
        database: {
          ...WELL,
          success: { ...WELL.success, ...barren },
          webhooks: { ...WELL.webhooks, ...silent },
        },
        usual: usually(120),
      },
      [{ kind: 'webhooks_silent', severity: 'critical', since: ago(6), count: 12 }],
    ],
    [
      'nobody watches',
      database({ unwatchedSince: ago(7) }),
      [{ kind: 'unwatched', severity: 'critical', since: ago(7) }],
    ],
    ['a slow day', webhooks({ ...silent, inHourBefore: 30 }), []],
    ['a short pause', webhooks({ ...silent, lastAt: ago(4), inHourBefore: 900 }), []],
    ['nobody could have heard it', webhooks({ ...silent, lastAt: ago(600), listeningSince: ago(1) }), []],
    ['nothing was ever heard', webhooks({ ...silent, lastAt: null }), []],
    [
      'nobody takes up what came',
      webhooks({ queued: 40, oldestQueuedAt: ago(2) }),
      [{ kind: 'webhooks_unhandled', severity: 'critical', since: ago(2), count: 40 }],
    ],
    ['a queue that moves', webhooks({ queued: 40, oldestQueuedAt: ago(0.5) }), []],
    [
      'no process works',
      database({ processes: { working: 0, workedUntil: ago(3), clocksOff: 0 } }),
      [{ kind: 'nobody_works', severity: 'critical', since: ago(3) }],
    ],
    [
      'a heartbeat that is late',
      database({ processes: { working: 0, workedUntil: ago(0.05), clocksOff: 0 } }),
      [],
    ],
    [
      'a clock is off',
      database({ processes: { ...WELL.processes, clocksOff: 1 } }),
      [{ kind: 'clock_off', severity: 'critical', since: NOW, count: 1 }],
    ],
    [
      'no database: nothing else is known of it',
      { database: undefined, databaseAnsweredAt: ago(2) },
      [{ kind: 'database_down', severity: 'critical', since: ago(2) }],
    ],
    [
      'certificates that end, and one that has ended',
      {
        certificates: [
          { host: 'api.qi', endsAt: inDays(20) },
          { host: 'us', endsAt: ago(1) },
        ],
      },
      [
        { kind: 'certificate_ending', severity: 'critical', since: NOW, count: -1, detail: 'us' },
        { kind: 'certificate_ending', severity: 'warning', since: NOW, count: 20, detail: 'api.qi' },
      ],
    ],
    [
      'a disk that fills',
      { disks: [{ directory: '.data', freeBytes: 14, totalBytes: 100 }] },
      [{ kind: 'disk_full', severity: 'warning', since: NOW, count: 14, detail: '.data' }],
    ],
    [
      'a full disk',
      { disks: [{ directory: '.data', freeBytes: 4, totalBytes: 100 }] },
      [{ kind: 'disk_full', severity: 'critical', since: NOW, count: 4, detail: '.data' }],
    ],
    [
      'the fuller disk, beside another and one of which nobody can tell',
      {
        disks: [
          { directory: '.data', freeBytes: 14, totalBytes: 100 },
          undefined,
          { directory: '/log', freeBytes: 4, totalBytes: 100 },
        ],
      },
      [{ kind: 'disk_full', severity: 'critical', since: NOW, count: 4, detail: '/log' }],
    ],
    ['a disk of which nobody can tell', { disks: [undefined] }, []],
  ])('%s', (_, change, troubles) => {
    expect(told(change)).toEqual(troubles);
  });

  it('what has no beginning of its own began when it was first seen', () => {
    const off = database({ processes: { ...WELL.processes, clocksOff: 1 } });
    const first = told(off);
    const later = told({ ...off, now: inDays(1) }, first);
    expect(later).toEqual(first);
    expect(told({ ...off, now: inDays(1) }, [])).toEqual([expect.objectContaining({ since: inDays(1) })]);
  });

  it.each<[string, Partial<Measured>, readonly string[]]>([
    ['nothing', {}, []],
    [
      'what only the database says, while it does not',
      { database: undefined },
      TROUBLE_KINDS.filter((kind) => !['database_down', 'certificate_ending', 'disk_full'].includes(kind)),
    ],
    [
      'silence, before it is learnt what is usual',
      { usual: new Map() },
      ['wins_silent', 'signatures_silent'],
    ],
    ['a disk that cannot be read', { disks: [undefined] }, ['disk_full']],
    [
      'silence, while those who listen have heard nothing yet',
      webhooks({ lastAt: ago(120), listeningSince: ago(3) }),
      ['webhooks_silent'],
    ],
    [
      'what comes of bids, where nothing has since the processes began to listen',
      {
        database: {
          ...WELL,
          success: { ...WELL.success, ...barren },
          webhooks: { ...WELL.webhooks, listeningSince: ago(3) },
        },
      },
      ['wins_silent', 'signatures_silent'],
    ],
    ['wins, while bidding is stopped', success({ lastWinAt: ago(120), bidsSince: null }), ['wins_silent']],
    [
      'wins, where none has come since bidding went on',
      success({ lastWinAt: ago(120), bidsSince: ago(9) }),
      ['wins_silent'],
    ],
    [
      'what comes of bids, while nothing is heard at all',
      { ...webhooks(silent), usual: usually(200) },
      ['wins_silent', 'signatures_silent'],
    ],
    [
      'whether QI is back, where it has been sent nothing since it failed',
      qi({ answeredAt: ago(40), lastMinute: { calls: 0, failed: 0 } }),
      ['qi_down'],
    ],
    [
      'nothing: what came since can be told, though seldom',
      { ...webhooks({ lastAt: ago(50), listeningSince: ago(60), inHourBefore: 2 }), usual: usually(1) },
      [],
    ],
  ])('cannot be told: %s', (_, change, kinds) => {
    const untold = untoldOf({ ...ALL_WELL, usual: usually(8), ...change });
    expect(untold).toEqual(kinds.map((kind) => ({ kind })));
  });

  it('cannot be told of the certificate of a host that could not be asked, and of no other', () => {
    const untold = untoldOf({ ...ALL_WELL, usual: usually(8), certificatesUnseen: ['us'] });
    expect(untold).toEqual([{ kind: 'certificate_ending', detail: 'us' }]);
  });

  describe('goes on as it was known where nobody can tell', () => {
    const down = qi({ failures: 3, failedSince: ago(8), answeredAt: ago(40), undelivered: 3 });
    const unasked = qi({ answeredAt: ago(60), lastMinute: { calls: 0, failed: 0 } });
    const sight = (change: Partial<Measured>, lately: readonly Trouble[] = []) =>
      sightOf({ ...ALL_WELL, usual: usually(8), ...change }, lately, lately).troubles;

    it('whether QI takes bids again, where it is sent none', () => {
      const first = sight(down);
      expect(first).toMatchObject([{ kind: 'qi_down' }]);
      expect(sight(unasked, first)).toEqual(first);
      expect(sight({}, first)).toEqual([]);
    });

    it('whatever only the database tells, while it does not answer', () => {
      const first = sight(webhooks(silent), []);
      expect(sight({ usual: usually(200), ...webhooks(silent) })).toHaveLength(1);
      expect(sight({ database: undefined }, [...first, ...sight(down)]).map(({ kind }) => kind)).toEqual([
        'database_down',
        'qi_down',
      ]);
    });

    it('by what people were told, after a restart', () => {
      const told = { kind: 'webhooks_silent', severity: 'critical', since: ago(90), count: 12 } as const;
      const restarted = { lastAt: ago(90), listeningSince: ago(1) };
      expect(
        sight({ database: { ...WELL, told: [told], webhooks: { ...WELL.webhooks, ...restarted } } }),
      ).toEqual([told]);
      expect(sight(database({ told: [told] }))).toEqual([]);
    });

    it('but of one that is found now it is said once', () => {
      expect(sight(down, sight(down))).toHaveLength(1);
    });

    it('of one certificate whose host could not be asked, and not for another one', () => {
      const ends = (host: string): Trouble => ({
        kind: 'certificate_ending',
        severity: 'warning',
        since: ago(9),
        detail: host,
      });
      expect(sight({ certificatesUnseen: ['us'] }, [ends('us'), ends('api.qi')])).toEqual([ends('us')]);
    });
  });

  it('each kind has a page that says what to do', () => {
    expect(TROUBLE_KINDS.filter((kind) => !existsSync(`docs/runbooks/${RUNBOOKS[kind]}.md`))).toEqual([]);
  });
});
