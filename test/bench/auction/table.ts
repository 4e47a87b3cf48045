import type { Figures } from './measure';
import type { Latency } from './scene';
import { TITLES, type SubjectName } from './subjects';

/** A row for each figure, a column for each subject. */
export function table(
  all: Readonly<Partial<Record<SubjectName, Figures>>>,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const subjects = Object.entries(all) as [SubjectName, Figures][];
  return Object.fromEntries(
    Object.entries(ROWS).map(([row, read]) => [
      row,
      Object.fromEntries(subjects.map(([name, figures]) => [TITLES[name], read(figures)])),
    ]),
  );
}

const ROWS: Readonly<Record<string, (figures: Figures) => string>> = {
  'auctions/s sustained': ({ sustained }) => sustained.toFixed(0),
  'at half of it, p50 / p99 ms': ({ atHalf }) => pair(atHalf),
  'at 25/s, p50 / p99 ms': ({ at25 }) => pair(at25),
  'acknowledgements/s, 64 connections': (figures) => figures.acknowledgementsPerSecond.toFixed(0),
  'statements an auction': ({ perAuction }) => perAuction.statements.toFixed(2),
  'commits an auction': ({ perAuction }) => perAuction.commits.toFixed(2),
  'fsyncs of WAL an auction': ({ perAuction }) => perAuction.fsyncs.toFixed(2),
  'WAL kB an auction': ({ perAuction }) => (perAuction.walBytes / 1_000).toFixed(1),
  'CPU ms an auction, service': ({ perAuction }) => perAuction.serviceCpuMs.toFixed(2),
  'CPU ms an auction, PostgreSQL': ({ perAuction }) => perAuction.postgresCpuMs.toFixed(2),
  'idle statements/s': ({ idleStatementsPerSecond }) => idleStatementsPerSecond.toFixed(1),
  'burst, in time': ({ burst }) => `${burst.inTime} of ${burst.pushed}`,
  'burst, lost of 60 s / 30 s': ({ burst }) => `${burst.lost['60 s'] ?? 0} / ${burst.lost['30 s'] ?? 0}`,
  'burst, bids/s': ({ burst }) => burst.bidsPerSecond.toFixed(0),
  'burst, s to the last bid': ({ burst }) => burst.seconds.toFixed(1),
  'bid on more than once': ({ repeated }) => String(repeated),
};

function pair({ p50, p99 }: Latency): string {
  return `${p50.toFixed(1)} / ${p99.toFixed(1)}`;
}
