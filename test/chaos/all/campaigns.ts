/** What a campaign left in .data/reports. */
type Figures = Readonly<Record<string, unknown>>;

export interface Campaign {
  /** Of test/chaos, and of its report. */
  readonly name: string;
  readonly what: string;
  readonly args: readonly string[];
  /** Its report in words. */
  readonly told: (figures: Figures) => string;
}

const count = (value: unknown): string =>
  typeof value === 'number'
    ? value.toLocaleString('en-GB')
    : Array.isArray(value)
      ? String(value.length)
      : 'unknown';
const within = (figures: Figures, name: string): Figures => (figures[name] ?? {}) as Figures;

/** Each bounded, and none beside another: they would disturb each other's time. `faults` stands apart, for it adds up. */
export const CAMPAIGNS: readonly Campaign[] = [
  {
    name: 'qi-down',
    what: 'QI down for two minutes while loans are on their way, our own waits shortened: calls fail, webhooks are lost',
    args: ['100', '120'],
    told: (figures) =>
      `${count(figures['loans'])} loans, ${count(figures['lost'])} webhooks lost, ${count(figures['paid'])} loans paid, ` +
      `${count(figures['violations'])} violations`,
  },
  {
    name: 'restore',
    what: 'the database lost, a backup from before in its place',
    args: ['90'],
    told: (figures) => `${count(figures['auctions'])} auctions, ${count(figures['wrong'])} things wrong`,
  },
  {
    name: 'two-versions',
    what: 'a rollout and the way back, two releases on one database',
    args: ['10', '10'],
    told: (figures) =>
      `${count(figures['requests'])} requests and ${count(figures['ends'])} ends, ${count(figures['lost'])} lost, ` +
      `${count(figures['undecided'])} undecided, ${count(figures['page_errors'])} page errors, ${count(figures['wrong'])} things wrong`,
  },
  {
    name: 'publish-under-load',
    what: 'policies activated in the middle of auctions',
    args: ['30', '20'],
    told: (figures) => {
      const undecided = Object.entries(within(figures, 'undecided')).map(([how, n]) => `${count(n)} ${how}`);
      return (
        `${count(figures['auctions'])} auctions, ${count(figures['decisions'])} decisions, ` +
        `${undecided.length === 0 ? '0 undecided' : undecided.join(', ')}, ${count(figures['early'])} early, ` +
        `${count(figures['late'])} late, ${count(figures['not_identical'])} not identical when made again`
      );
    },
  },
  {
    name: 'uploads-under-load',
    what: 'files, good, huge and hostile, during a burst',
    args: ['40', '30'],
    told: (figures) => {
      const loaded = within(figures, 'with_files');
      return `${count(loaded['auctions'])} auctions, ${count(loaded['bids'])} bids, ${count(loaded['late'])} late`;
    },
  },
  {
    name: 'alerts',
    what: 'every alert fired by its cause in a real Prometheus, and none under normal load',
    args: ['120'],
    told: (figures) => {
      const leftOut = (figures['left_out'] ?? []) as readonly string[];
      if (leftOut.length > 0) return `left out: ${leftOut.join('; ')}`;
      return (
        `${count(figures['quiet_seconds'])} s quiet, ${String(Object.keys(within(figures, 'fired')).length)} alerts fired, ` +
        `${count(figures['wrong'])} things wrong`
      );
    },
  },
];
