import type { DataSource } from 'typeorm';
import { instantOf, parseCalendarDate, type Clock } from '../kernel';
import { AuditSeals, AuditTrail, encryptionKeysIn, FieldCipher, readBindingStage } from '../platform';
import {
  compilePolicyFile,
  PolicyLibrary,
  PolicyLists,
  type CompiledPolicy,
  type PolicyVersion,
} from '../policy';
import { runBacktest, type BacktestPeriod } from './backtest';
import { keepBacktest } from './backtest-reports.service';

export interface BacktestCommandContext {
  readonly out: (line: string) => void;
  /** Progress and complaints. */
  readonly err: (line: string) => void;
  readonly clock: Clock;
  readonly actor: string;
  readonly encryptionKeys: string | undefined;
}

/**
 * `npm run policy -- backtest CANDIDATE BASELINE FROM BEFORE`: two policy files over the stored requests of a period.
 * FROM and BEFORE are days of São Paulo. The report is printed as JSON and kept, so that exactly this candidate may be activated.
 * @returns the exit code: 0 done, 1 a file is no policy, 2 wrong use.
 */
export async function runBacktestCommand(
  dataSource: DataSource,
  args: readonly string[],
  context: BacktestCommandContext,
): Promise<number> {
  const [candidateFile, baselineFile, ...days] = args;
  const period = periodOf(days);
  if (candidateFile === undefined || baselineFile === undefined || period === undefined) {
    context.err(
      'uso: policy backtest CANDIDATA BASE DE ATÉ   (arquivos, e dias de São Paulo como 2026-08-01; ATÉ não entra)',
    );
    return 2;
  }
  const encryptionKeys = encryptionKeysIn(context.encryptionKeys);
  const cipher = new FieldCipher(encryptionKeys, await readBindingStage(dataSource));
  const audit = new AuditTrail(context.clock, new AuditSeals(encryptionKeys));
  const lists = new PolicyLists(dataSource, cipher, audit, context.clock);
  const stored = { dataSource, library: new PolicyLibrary(dataSource, lists) };
  const [candidate, baseline] = await Promise.all(
    [candidateFile, baselineFile].map((file) => compilePolicyFile(file, stored, context.err)),
  );
  if (candidate === undefined || baseline === undefined) return 1;
  const result = await runBacktest(
    { database: dataSource, encryptionKeys },
    { baseline: versionOf(baselineFile, baseline), candidate: versionOf(candidateFile, candidate) },
    period,
    (done, total) => {
      context.err(`${String(done)} de ${String(total)} pedidos`);
      return Promise.resolve(true);
    },
  );
  if (result.kind === 'stopped') return 1;
  const { from: received_from, before: received_before } = period;
  context.out(JSON.stringify({ received_from, received_before, ...result.figures }, null, 2));
  const run = {
    candidateHash: candidate.hash,
    baselineHash: baseline.hash,
    ...period,
    figures: result.figures,
  };
  await keepBacktest({ dataSource, audit, clock: context.clock }, run, context.actor);
  return 0;
}

/** From midnight to midnight. @returns undefined for anything but two days that exist, the earlier one first */
function periodOf(days: readonly string[]): BacktestPeriod | undefined {
  const [from, before, ...rest] = days.map(parseCalendarDate);
  if (from === undefined || before === undefined || rest.length > 0 || from >= before) return undefined;
  return { from: instantOf(from, 0), before: instantOf(before, 0) };
}

const versionOf = (version: string, compiled: CompiledPolicy): PolicyVersion => ({ version, compiled });
