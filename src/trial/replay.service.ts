import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  decide,
  decisionDataSha256,
  decisionSha256,
  deriveFacts,
  IS_ARCHIVED,
  PROGRAMME_TERMS,
  RATE_MODELS,
  readDecisionContext,
  StoredRequests,
  type DecisionContext,
  type ProposalRequest,
  type RateModelSource,
} from '../auction';
import { calendarDateAt, type CalendarDate } from '../kernel';
import { factsAsCase, PolicyLibrary, type Reason, type PolicyVersion } from '../policy';
import { PricingDataService } from '../pricing';
import {
  capsOf,
  declinedAfterAll,
  limitReasonsUnder,
  type Decision,
  type ProgrammeTerms,
  type RateModel,
} from '../decision/domain';
import {
  changedTerms,
  differenceBetween,
  type DecisionDifference,
  type TermChange,
} from './domain/decision-difference';

export type Replay =
  | {
      readonly kind: 'replayed';
      readonly recordedSha256: string;
      /** Under the version that decided then. */
      readonly own: Decision;
      /** Byte for byte what was recorded. */
      readonly identical: boolean;
      /** It was made with other taxes, holidays, payroll rules or programme data than today's: then it may well differ. */
      readonly hasOtherData: boolean;
      /** Under another version, if one was named. */
      readonly other:
        | {
            readonly decision: Decision;
            readonly difference: DecisionDifference;
            readonly terms: readonly TermChange[];
          }
        | undefined;
    }
  | { readonly kind: keyof typeof WHY_NOT_REPLAYED };

export const WHY_NOT_REPLAYED = {
  not_found: 'Não encontrado: leilão',
  no_decision: 'O leilão não chegou a ser decidido',
  archived: 'A decisão saiu do banco e está no arquivo: lê-se com npm run archive -- query (docs/archive.md)',
  inputs_not_kept: 'A decisão é anterior ao registro de seus insumos e não pode ser refeita',
  erased: 'Os dados do pedido foram apagados: passou o prazo de guarda',
  unreadable: 'O pedido guardado não pode mais ser lido',
  policy_unknown: 'A versão da política não existe neste banco',
  rate_model_unknown: 'A versão das taxas aprendidas não existe neste banco, ou foi alterada',
} as const;

/** A past request as a policy's test case, and what was decided then. Holds nobody's data. */
export type PastCase =
  | {
      readonly kind: 'found';
      readonly on: CalendarDate;
      readonly window: DecisionContext['window'];
      readonly facts: ReturnType<typeof factsAsCase>;
      readonly outcome: 'bid' | 'no_bid';
      readonly reasons: readonly Pick<Reason, 'code' | 'severity'>[];
    }
  | Exclude<Replay, { readonly kind: 'replayed' }>;

interface RecordedRow {
  readonly outcome: 'bid' | 'no_bid' | null;
  readonly reasons: readonly Reason[] | null;
  readonly policy_hash: string | null;
  readonly context: unknown;
  readonly output_sha256: string | null;
  readonly data_sha256: string | null;
  readonly is_archived: boolean;
}

/** Past decisions, made again from their stored inputs. Nothing is written and nothing is sent. */
@Injectable()
export class ReplayService {
  readonly #dataSha256: string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly requests: StoredRequests,
    private readonly policies: PolicyLibrary,
    private readonly pricing: PricingDataService,
    @Inject(PROGRAMME_TERMS) private readonly programme: ProgrammeTerms,
    @Inject(RATE_MODELS) private readonly rateModels: Pick<RateModelSource, 'again'>,
  ) {
    this.#dataSha256 = decisionDataSha256(pricing.context.data, programme);
  }

  /**
   * @param under the version to compare with, or its hash
   * @param ordinal of the bid whose decision it is: 1 is the auction's own, others are of smaller bids after a refusal
   */
  async replay(auctionKey: string, under?: PolicyVersion | string, ordinal = 1): Promise<Replay> {
    const past = await this.#past(auctionKey, ordinal);
    if (past.kind !== 'found') return past;
    const { row, request, context } = past;
    const ownVersion = await this.policies.byHash(row.policy_hash);
    const otherVersion = typeof under === 'string' ? await this.policies.byHash(under) : under;
    if (ownVersion === undefined || (under !== undefined && otherVersion === undefined))
      return { kind: 'policy_unknown' };
    const rateModel = context.rateModel && (await this.rateModels.again(context.rateModel));
    if (context.rateModel !== undefined && rateModel === undefined) return { kind: 'rate_model_unknown' };
    const own = stoppedBy(context.added, this.#decideAgain(request, ownVersion, context, rateModel));
    const other = otherVersion && this.#decideUnder(otherVersion, request, context, rateModel);
    return {
      kind: 'replayed',
      recordedSha256: row.output_sha256,
      own,
      identical: decisionSha256(own) === row.output_sha256,
      hasOtherData: row.data_sha256 !== null && row.data_sha256 !== this.#dataSha256,
      other: other && {
        decision: other,
        difference: differenceBetween(own, other),
        terms: changedTerms(own, other),
      },
    };
  }

  /** What was known when the auction was decided, as a test case. */
  async caseOf(auctionKey: string): Promise<PastCase> {
    const past = await this.#past(auctionKey, 1);
    if (past.kind !== 'found') return past;
    const { row, request, context } = past;
    return {
      kind: 'found',
      on: calendarDateAt(context.context.now),
      window: context.window,
      facts: factsAsCase(deriveFacts(request, context.context)),
      outcome: row.outcome,
      reasons: row.reasons.map(({ code, severity }) => ({ code, severity })),
    };
  }

  async #past(auctionKey: string, ordinal: number) {
    const [row] = await this.dataSource.query<RecordedRow[]>(
      `SELECT outcome, reasons, policy_hash, context, output_sha256, data_sha256,
         ${IS_ARCHIVED} AS is_archived
       FROM auction LEFT JOIN decision ON auction_key = issuer_proposal_request_key AND ordinal = $2
       WHERE issuer_proposal_request_key = $1`,
      [auctionKey, ordinal],
    );
    if (row === undefined) return { kind: 'not_found' } as const;
    const { outcome, reasons, policy_hash, context, output_sha256, data_sha256 } = row;
    if (policy_hash === null || outcome === null || reasons === null)
      return { kind: row.is_archived ? 'archived' : 'no_decision' } as const;
    if (context === null || output_sha256 === null) return { kind: 'inputs_not_kept' } as const;
    const stored = await this.requests.load(auctionKey);
    if (stored?.isErased === true) return { kind: 'erased' } as const;
    const request = stored?.request;
    if (request === undefined) return { kind: 'unreadable' } as const;
    const known = { outcome, reasons, policy_hash, output_sha256, data_sha256 };
    return { kind: 'found', row: known, request, context: readDecisionContext(context) } as const;
  }

  /** Under another version than the one that decided: the limits that stopped it then are held to that version's caps. */
  #decideUnder(
    other: PolicyVersion,
    request: ProposalRequest,
    moment: DecisionContext,
    rateModel: RateModel | undefined,
  ): Decision {
    const decision = this.#decideAgain(request, other, moment, rateModel);
    if (decision.outcome === 'no_bid') return decision;
    const offered = decision.bid.disbursedIssueAmount;
    return stoppedBy(limitReasonsUnder(capsOf(other.compiled), moment, offered), decision);
  }

  #decideAgain(
    request: ProposalRequest,
    policy: PolicyVersion,
    moment: DecisionContext,
    rateModel: RateModel | undefined,
  ): Decision {
    return decide({
      request,
      policy,
      pricing: this.pricing.context,
      programme: this.programme,
      context: moment.context,
      window: moment.window,
      installmentBelow: moment.installmentBelow,
      rateModel,
    });
  }
}

function stoppedBy(added: readonly Reason[], decision: Decision): Decision {
  return decision.outcome === 'bid' && added.length > 0 ? declinedAfterAll(decision, added) : decision;
}
