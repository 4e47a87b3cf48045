import { ALERT_KINDS } from '../../notifications/domain';
import { TROUBLE_KINDS } from '../../troubles/domain';
import type { FoundAlert, OpenAlert } from './alert';
import { changesOf } from './changes';

const NOW = new Date('2026-11-28T12:00:00Z');
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const TIMES = { overAfterMs: 60_000, remindAfterMs: 30 * 60_000 };

const down: FoundAlert = {
  kind: 'qi_down',
  subject: '',
  severity: 'critical',
  since: ago(40),
  count: 3,
  detail: null,
};
const open = (changes: Partial<OpenAlert> = {}): OpenAlert => ({
  ...down,
  id: 'a',
  seen_at: ago(0),
  told_at: ago(1),
  told_count: 3,
  acknowledged_at: null,
  ...changes,
});
const warned: FoundAlert = { ...down, severity: 'warning', count: 1 };
const lateAt = (toldMinutes: number): OpenAlert =>
  open({
    kind: 'work_late',
    severity: 'warning',
    count: 2,
    told_at: ago(toldMinutes),
    told_count: 2,
    acknowledged_at: ago(20),
  });
const NOTHING = { raised: [], seen: [], worsened: [], reminded: [], resolved: [] };

describe('alerts', () => {
  it.each<[string, readonly OpenAlert[], readonly FoundAlert[], object]>([
    ['nothing is wrong', [], [], {}],
    ['something begins', [], [down], { raised: [down] }],
    ['it goes on', [open()], [down], { seen: [open()] }],
    [
      'another of its kind begins',
      [open()],
      [{ ...down, subject: 'b' }],
      { raised: [{ ...down, subject: 'b' }] },
    ],
    ['it was not seen this once', [open({ seen_at: ago(0.5) })], [], {}],
    ['it is over', [open({ seen_at: ago(1) })], [], { resolved: [open({ seen_at: ago(1) })] }],
    [
      'nobody has it in hand',
      [open({ told_at: ago(30), count: 1, detail: 'before' })],
      [down],
      { seen: [open({ told_at: ago(30) })], reminded: [open({ told_at: ago(30) })] },
    ],
    [
      'somebody has',
      [open({ told_at: ago(30), acknowledged_at: ago(20) })],
      [down],
      { seen: [open({ told_at: ago(30), acknowledged_at: ago(20) })] },
    ],
    [
      'a warning nags nobody',
      [open({ ...warned, told_at: ago(300) })],
      [warned],
      { seen: [open({ ...warned, told_at: ago(300) })] },
    ],
    [
      'a warning that somebody has in hand becomes critical',
      [open({ ...warned, acknowledged_at: ago(20) })],
      [down],
      { seen: [open({ acknowledged_at: ago(20) })], worsened: [open({ acknowledged_at: ago(20) })] },
    ],
    [
      'a warning that nobody has in hand does, and is told once',
      [open({ ...warned, told_at: ago(300) })],
      [down],
      { seen: [open({ told_at: ago(300) })], worsened: [open({ told_at: ago(300) })] },
    ],
    ...(
      [
        ['one more hangs than was told', lateAt(30), 3, true],
        ['but not more often than people are reminded', lateAt(29), 3, false],
        ['as many hang as was told', lateAt(30), 2, false],
        ['of more of anything else people are not told', { ...lateAt(30), kind: 'tasks_due' }, 3, false],
        [
          'a release before did not say how many it told',
          { ...lateAt(30), told_count: null, count: 3 },
          3,
          false,
        ],
      ] as const
    ).map(([what, before, count, isTold]): [string, OpenAlert[], FoundAlert[], object] => {
      const now = { ...before, count };
      return [what, [before], [now], { seen: [now], worsened: isTold ? [now] : [] }];
    }),
    [
      'what is told as critical is so for a while: it may come and go',
      [open({ told_at: ago(29) })],
      [warned],
      { seen: [open({ told_at: ago(29), count: 1 })] },
    ],
    [
      'and then no more',
      [open({ told_at: ago(30) })],
      [warned],
      { seen: [open({ ...warned, told_at: ago(30) })] },
    ],
  ])('%s', (_, before, found, changes) => {
    expect(changesOf(before, { found, untold: [] }, NOW, TIMES)).toEqual({ ...NOTHING, ...changes });
  });

  it.each(['warning', 'critical'] as const)('%s, are not over while nobody can tell', (severity) => {
    const before = open({ severity, seen_at: ago(90), told_at: ago(90) });
    const untold = [{ kind: 'qi_down', subject: '' } as const];
    expect(changesOf([before], { found: [], untold }, NOW, TIMES)).toEqual(NOTHING);
    const other = { ...before, kind: 'unwatched' as const };
    expect(changesOf([other], { found: [], untold }, NOW, TIMES)).toEqual({ ...NOTHING, resolved: [other] });
  });

  it('of a certificate are over once it was seen, also while another host cannot be asked', () => {
    const before = open({ kind: 'certificate_ending', subject: 'api.qi', seen_at: ago(2) });
    const changes = (unseen: string) => {
      const untold = [{ kind: 'certificate_ending', subject: unseen } as const];
      return changesOf([before], { found: [], untold }, NOW, TIMES);
    };
    expect(changes('arremate.example')).toEqual({ ...NOTHING, resolved: [before] });
    expect(changes('api.qi')).toEqual(NOTHING);
  });

  it('are raised of every trouble that can be told: not of a database without which nothing is sent', () => {
    const untold = TROUBLE_KINDS.filter((kind) => !ALERT_KINDS.some((known) => known === kind));
    expect(untold).toEqual(['database_down']);
  });
});
