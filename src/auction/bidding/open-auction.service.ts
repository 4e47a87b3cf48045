import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { releaseWaiting, type Handling, type WebhookEvent } from '../../inbox';
import {
  BlindIndex,
  FieldCipher,
  InstanceRegistry,
  LOGGER,
  SETTINGS,
  type Logger,
  type Settings,
} from '../../platform';
import { AuctionWorker } from './auction-worker.service';
import { auctionCorrelation } from './correlation';
import { readDeadline, type Deadline } from '../domain/deadline';
import type { ProposalRequest } from '../domain/proposal-request';
import { parkedTask } from './parked-task';
import { WORK_QUEUE, type WorkQueue } from '../ports';
import { sealPersonalData } from '../personal-data';

const MS_PER_MINUTE = 60_000;
/** How long a request lives when QI prints no expiry: the 24 hours of the programme's rules. */
const USUAL_LIFE_MS = 24 * 60 * MS_PER_MINUTE;

/** How an auction is born. */
interface Birth {
  readonly status: 'open' | 'missed' | 'unknown' | 'parked';
  readonly reason: string | null;
}

/** The first step: a request becomes an auction on disk, with its limit read and leased to this process. */
@Injectable()
export class OpenAuctionService {
  constructor(
    private readonly worker: AuctionWorker,
    private readonly instances: InstanceRegistry,
    private readonly cipher: FieldCipher,
    private readonly blindIndex: BlindIndex,
    @Inject(WORK_QUEUE) private readonly workQueue: WorkQueue,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Opening the same request again changes nothing: the first one on disk counts. */
  async open(event: WebhookEvent, request: ProposalRequest, tx: EntityManager): Promise<Handling> {
    const deadline = readDeadline(
      { ...request, receivedAt: event.receivedAt },
      this.settings.QI_DEADLINE_ZONE,
      this.settings.engine.auction.longest_window_minutes * MS_PER_MINUTE,
    );
    const birth = await this.#birth(request, deadline, tx);
    const inserted = await this.#insert(event, request, deadline, birth, tx);
    if (!inserted) return { kind: 'done' };
    if (birth.status === 'parked')
      await this.workQueue.open(tx, parkedTask(request.key, birth.reason ?? 'parked'));
    await releaseWaiting(tx, auctionCorrelation(request.key));
    this.logger.info(
      {
        auction: request.key,
        status: birth.status,
        reason: birth.reason ?? undefined,
        limit_text: request.inclusionLimitText,
        ...(deadline.kind === 'deadline' && { limit_at: deadline.limitAt, limit_reading: deadline.reading }),
      },
      'auction opened',
    );
    if (birth.status !== 'open' || deadline.kind !== 'deadline') return { kind: 'done' };
    const { limitAt } = deadline;
    const expirationAt = lastMoment(deadline);
    return {
      kind: 'done',
      afterCommit: () => {
        this.worker.add({ key: request.key, limitAt, expirationAt, receivedAt: event.receivedAt, request });
      },
    };
  }

  async #birth(request: ProposalRequest, deadline: Deadline, tx: EntityManager): Promise<Birth> {
    // Its end came before its beginning: whatever was sent, was sent without this row.
    const [waiting] = await tx.query<{ ended: boolean }[]>(
      `SELECT EXISTS (SELECT FROM webhook_event WHERE correlation_key = $1 AND status = 'waiting') AS ended`,
      [auctionCorrelation(request.key)],
    );
    if (waiting?.ended === true) return { status: 'unknown', reason: 'ended_before_it_opened' };
    if (request.status === 'finished' || request.status === 'expired') {
      return { status: 'missed', reason: `request_${request.status}` };
    }
    if (deadline.kind === 'nonsense') return { status: 'parked', reason: deadline.reason };
    return { status: 'open', reason: null };
  }

  async #insert(
    event: WebhookEvent,
    request: ProposalRequest,
    deadline: Deadline,
    birth: Birth,
    tx: EntityManager,
  ): Promise<boolean> {
    const read = deadline.kind === 'deadline' ? deadline : undefined;
    const personal = sealPersonalData(request, this.cipher);
    const { cpf } = request.borrower;
    const { documentNumber } = request.employer;
    const rows = await tx.query<unknown[]>(
      `INSERT INTO auction (
         issuer_proposal_request_key, webhook_event_id, status, status_reason, received_at, event_at_text,
         inclusion_limit_text, expiration_text, deadline_reading, inclusion_limit_at, expiration_at,
         requested_amount, requested_installments, consigned_credit_balance, admission_date, eligible,
         borrower_index, employer_index, employer_document_type, personal_key_id, personal_ciphertext,
         unreadable_fields, lease_owner)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
       ON CONFLICT (issuer_proposal_request_key) DO NOTHING
       RETURNING 1`,
      [
        request.key,
        event.id,
        birth.status,
        birth.reason,
        event.receivedAt,
        request.eventAtText ?? null,
        request.inclusionLimitText ?? null,
        request.expirationText ?? null,
        read?.reading ?? null,
        read?.limitAt ?? null,
        read === undefined ? null : lastMoment(read),
        request.requestedAmount?.toFixed() ?? null,
        request.requestedInstallments ?? null,
        request.consignedCreditBalance?.toFixed() ?? null,
        request.admissionDate ?? null,
        request.eligible ?? null,
        cpf ? this.blindIndex.of('cpf', cpf.reveal()) : null,
        documentNumber === undefined ? null : this.blindIndex.of('employer', documentNumber),
        request.employer.documentType ?? null,
        personal.keyId,
        personal.ciphertext,
        JSON.stringify(request.problems),
        this.instances.id,
      ],
    );
    return rows.length === 1;
  }
}

function lastMoment({ expirationAt, limitAt }: Extract<Deadline, { kind: 'deadline' }>): Date {
  return expirationAt ?? new Date(limitAt.getTime() + USUAL_LIFE_MS);
}
