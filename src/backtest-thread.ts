import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { pageDecider, type StoredRow } from './trial/backtest-page';
import type { BacktestJob, PortableVersion } from './trial/backtest-threads';
import { readProgrammeTerms } from './auction/programme-terms';
import { FieldCipher } from './platform/encryption/field-cipher';
import { SharedRules } from './policy/domain';
import { compilePortable } from './policy/portable-policy';
import { PricingContext } from './pricing/domain';
import { readPricingData } from './pricing/pricing-data';
import { readProposalRequest } from './qi/read-proposal-request';
import { rereadWebhook } from './qi/reread';

// Files, not modules: a thread starts in a fifth of the time without the framework behind their front doors.
/** One thread of a backtest: gets pages of stored requests, answers what both versions come to on each. */
const { encryptionKeys, bindingStage, baseline, candidate } = workerData as BacktestJob;
// Auctions come first. Only on Linux does this mean the thread and not the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const config = join(process.cwd(), 'config');
const world = {
  cipher: new FieldCipher(
    encryptionKeys.map((key) => Buffer.from(key)),
    bindingStage,
  ),
  reread: rereadWebhook,
  read: (document: Parameters<typeof readProposalRequest>[0]) => {
    const reading = readProposalRequest(document);
    return reading.kind === 'read' ? reading.request : undefined;
  },
  pricing: new PricingContext(readPricingData(config)),
  programme: readProgrammeTerms(join(config, 'programme.json')),
};
const rules = new SharedRules();
const compiled = ({ version, policy }: PortableVersion) => ({
  version,
  compiled: compilePortable(policy, rules),
});
const decidePage = pageDecider(world, { baseline: compiled(baseline), candidate: compiled(candidate) });

parentPort?.on('message', (rows: readonly StoredRow[]) => {
  parentPort?.postMessage(decidePage(rows.map(withBuffer)));
});

/** A Buffer arrives from another thread as plain bytes. */
function withBuffer(row: StoredRow): StoredRow {
  const { buffer, byteOffset, byteLength } = row.raw_ciphertext;
  return { ...row, raw_ciphertext: Buffer.from(buffer, byteOffset, byteLength) };
}
