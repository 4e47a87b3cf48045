import type { Decision } from '../../decision/domain';
import { decisionContextJson, decisionSha256, type DecisionContext } from '../domain/decision-context';
import type { DecisionRow } from './ledger';

/**
 * The row of a decision, and with it what is needed to make it again.
 * @param of the bid it leads to, by its ordinal; and the dated tables it was made with
 */
export function decisionRow(
  auctionKey: string,
  decidedAt: Date,
  decision: Decision,
  context: DecisionContext,
  of: { readonly ordinal: number; readonly dataSha256: string },
): DecisionRow {
  return {
    auction_key: auctionKey,
    ordinal: of.ordinal,
    decided_at: decidedAt,
    outcome: decision.outcome,
    policy_version: decision.policy.version,
    policy_hash: decision.policy.hash,
    reasons: decision.reasons,
    trace: decision.trace,
    context: decisionContextJson(context),
    output_sha256: decisionSha256(decision),
    data_sha256: of.dataSha256,
  };
}
