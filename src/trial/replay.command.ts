import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { readProgrammeTerms, StoredRequests, type ProposalRequestReader } from '../auction';
import type { WebhookGate } from '../inbox';
import { showPercent, showReais, type Clock } from '../kernel';
import { AuditSeals, AuditTrail, encryptionKeysIn, FieldCipher, readBindingStage } from '../platform';
import { compilePolicyFile, PolicyLibrary, PolicyLists, type PolicyVersion } from '../policy';
import { PricingDataService } from '../pricing';
import { RateModelDocuments } from '../winning';
import type { Decision } from '../decision/domain';
import type { DifferenceKind } from './domain/decision-difference';
import { ReplayService, WHY_NOT_REPLAYED } from './replay.service';

export interface DecisionReplayContext {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly clock: Clock;
  readonly encryptionKeys: string | undefined;
  readonly gate: Pick<WebhookGate, 'reread'>;
  readonly read: ProposalRequestReader;
}

const KINDS: Readonly<Record<DifferenceKind, string>> = {
  same: 'a mesma decisão',
  gained: 'passaria a haver oferta',
  lost: 'deixaria de haver oferta',
  changed: 'outra oferta',
  other_reasons: 'outros motivos',
};

/**
 * `npm run policy -- replay AUCTION [POLICY]`: a past decision made again from its stored inputs, and under another
 * policy, named by its file or by the hash of a stored version.
 * @returns the exit code: 0 the same byte for byte, 1 not, 2 wrong use or nothing that can be made again.
 */
export async function runDecisionReplay(
  dataSource: DataSource,
  args: readonly string[],
  context: DecisionReplayContext,
): Promise<number> {
  const [auctionKey, policy, ...rest] = args;
  if (auctionKey === undefined || rest.length > 0) {
    context.err('uso: policy replay LEILÃO [POLÍTICA]   (POLÍTICA: um arquivo, ou o hash de uma versão)');
    return 2;
  }
  const encryptionKeys = encryptionKeysIn(context.encryptionKeys);
  const cipher = new FieldCipher(encryptionKeys, await readBindingStage(dataSource));
  const audit = new AuditTrail(context.clock, new AuditSeals(encryptionKeys));
  const lists = new PolicyLists(dataSource, cipher, audit, context.clock);
  const library = new PolicyLibrary(dataSource, lists);
  let under: string | PolicyVersion | undefined = policy;
  if (policy !== undefined && existsSync(policy)) {
    const compiled = await compilePolicyFile(policy, { dataSource, library }, context.err);
    if (compiled === undefined) return 2;
    under = { version: policy, compiled };
  }
  const replays = new ReplayService(
    dataSource,
    new StoredRequests(dataSource, cipher, context.gate, context.read),
    library,
    new PricingDataService(),
    readProgrammeTerms(join(process.cwd(), 'config', 'programme.json')),
    new RateModelDocuments(dataSource),
  );
  const replay = await replays.replay(auctionKey, under);
  if (replay.kind !== 'replayed') {
    context.err(WHY_NOT_REPLAYED[replay.kind]);
    return 2;
  }
  const { own, identical, hasOtherData, recordedSha256, other } = replay;
  context.out(`versão ${own.policy.version} (${own.policy.hash}): ${inWords(own)}`);
  context.out(
    identical
      ? `refeita: idêntica byte a byte (${recordedSha256})`
      : `refeita: DIFERENTE do registro (${recordedSha256})`,
  );
  if (hasOtherData) context.out('decidida com outros dados de impostos, feriados, folha ou programa');
  if (other !== undefined) {
    const { decision, difference, terms } = other;
    context.out(`sob ${decision.policy.version} (${decision.policy.hash}): ${inWords(decision)}`);
    context.out(`  ${[KINDS[difference.kind], ...difference.causes].join(', por ')}`);
    for (const code of difference.reasonsAdded) context.out(`  + ${code}`);
    for (const code of difference.reasonsRemoved) context.out(`  - ${code}`);
    for (const { field, before, after } of terms) context.out(`  ~ ${field}: ${before} -> ${after}`);
  }
  return identical ? 0 : 1;
}

function inWords(decision: Decision): string {
  const codes = decision.reasons.map(({ code }) => code).join(', ');
  if (decision.outcome === 'no_bid') return `sem oferta: ${codes}`;
  const { disbursedIssueAmount, numberOfInstallments, installmentFaceValue, monthlyInterestRate, priceRow } =
    decision.bid;
  const offer = `${showReais(disbursedIssueAmount)} em ${String(numberOfInstallments)} x ${showReais(installmentFaceValue)}`;
  const flagged = codes === '' ? '' : `; avisos: ${codes}`;
  return `oferta de ${offer} a ${showPercent(monthlyInterestRate)} a.m. (linha ${priceRow})${flagged}`;
}
