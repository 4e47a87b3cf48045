import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { FieldCipher, isAwaitedKey, type Sealed } from '../platform';
import { Decimal } from '../kernel';
import { ApprovalBook } from './approval-book.service';
import { knownBorrowerCpf, sealedBorrowerOf } from './borrower-cpf';
import { OperationCommandBook } from './operation-command-book';
import {
  AUTHORIZATION_ASKED_BEFORE,
  authorizationChecks,
  authorizationReason,
  CANCELLATION_NOT_TAKEN,
  commandTakenBackReason,
  doubtsInWords,
  decideAuthorization,
  type AuthorizationCase,
  type AuthorizationCheck,
  type AuthorizationDecision,
  type AuthorizationDoubt,
  type SignatureEvidence,
} from './domain';
import type { OperationCommandEntity } from './operation-command.entity';
import { OperationLife } from './operation-life.service';
import type { OperationEntity } from './operation.entity';
import { AUTHORIZATION_RULES_SOURCE, type AuthorizationRulesSource } from './ports';
import { restoreEvidence } from './signature-evidence';
import { ofOperation, TaskDesk } from './task-desk.service';

/** Before the version of the policy that acts. */
const POLICY = 'policy:';

interface Judgement {
  readonly decision: AuthorizationDecision;
  readonly actor: string;
}

interface History {
  readonly evidence: SignatureEvidence | undefined;
  readonly isContradictory: boolean;
}

interface SignedRow {
  readonly id: string;
  readonly webhook: string;
  readonly summary: unknown;
  readonly personal_key_id: string;
  readonly personal_ciphertext: Buffer;
}

/**
 * Decides what QI waits for: whether the margin may be bound. Run whenever something it depends on arrives
 * (the request, the evidence, the link to the borrower), in whatever order; it acts once.
 */
@Injectable()
export class AuthorizationReview {
  constructor(
    private readonly life: OperationLife,
    private readonly commands: OperationCommandBook,
    private readonly tasks: TaskDesk,
    private readonly approvals: ApprovalBook,
    private readonly cipher: FieldCipher,
    @Inject(AUTHORIZATION_RULES_SOURCE) private readonly rules: AuthorizationRulesSource,
  ) {}

  /**
   * For whoever can come again: what cannot be opened speaks against a loan.
   * @throws UnknownKeyError while the key of what it is judged by may still come
   */
  async awaitKeys(tx: EntityManager, operation: OperationEntity): Promise<void> {
    const signed = await this.#signedOf(tx, operation.key);
    for (const sealed of [sealedBorrowerOf(operation), signed && evidenceOf(signed)])
      if (sealed !== undefined) this.cipher.awaitKey(sealed);
  }

  async consider(tx: EntityManager, operation: OperationEntity): Promise<void> {
    if (operation.status !== 'awaiting_authorization') return;
    const live = await this.commands.liveOf(tx, operation.key);
    if (live !== undefined) {
      await this.#reconsider(tx, operation, live);
      return;
    }
    const { key } = operation;
    if (await this.commands.everAsked(tx, key, 'authorize')) return;
    if (await this.commands.wasAuthorizationTakenBack(tx, key)) return;
    if ((await this.approvals.pendingOf(tx, key)) !== undefined) return;
    if ((await this.tasks.ownerOf(tx, key, 'authorization_review')) !== undefined) return;
    // Two wanted it cancelled: whatever QI made of that, the policy does not give what they took.
    if (await this.commands.everRefused(tx, key, 'cancel_permanently')) {
      await this.tasks.open(tx, operation, 'authorization_review', CANCELLATION_NOT_TAKEN);
      return;
    }
    await this.#carryOut(tx, operation, await this.#judge(tx, operation));
  }

  /** Of a contract that was sent again: what people were to decide ended with its cancellation. The policy authorizes once. */
  async considerAnew(tx: EntityManager, operation: OperationEntity): Promise<void> {
    if (operation.status !== 'awaiting_authorization') return;
    const { key } = operation;
    if (await this.commands.everAsked(tx, key, 'authorize'))
      await this.tasks.open(tx, operation, 'authorization_review', AUTHORIZATION_ASKED_BEFORE);
    else if (await this.commands.wasAuthorizationTakenBack(tx, key))
      await this.tasks.open(tx, operation, 'authorization_review', commandTakenBackReason('authorize'));
    else await this.consider(tx, operation);
  }

  /** What people see before they decide: each thing against what the policy in force wants. Empty where nothing can be held against it. */
  async checksOf(tx: EntityManager, operation: OperationEntity): Promise<readonly AuthorizationCheck[]> {
    const rules = await this.rules.rulesInForce(tx);
    return rules === undefined ? [] : authorizationChecks(await this.#caseOf(tx, operation), rules);
  }

  /** What the policy has authorized and QI does not have yet is judged anew by what has been heard since. */
  async #reconsider(
    tx: EntityManager,
    operation: OperationEntity,
    { id, action, status, actor }: OperationCommandEntity,
  ): Promise<void> {
    if (action !== 'authorize' || status !== 'intended' || !actor.startsWith(POLICY)) return;
    const judgement = await this.#judge(tx, operation);
    if (judgement.decision.kind === 'automatic') return;
    if (judgement.actor === actor && (await this.#isJudgedElsewhere(tx, operation))) return;
    await this.commands.settle(tx, id, 'withdrawn', judgement.actor);
    await this.tasks.resolve(tx, ofOperation(operation.key), ['command_unknown'], { as: 'overtaken' });
    await this.#carryOut(tx, operation, judgement);
  }

  /** What it is judged by cannot be opened here yet, and is what it was when somebody judged it who had the keys. */
  async #isJudgedElsewhere(tx: EntityManager, operation: OperationEntity): Promise<boolean> {
    try {
      await this.awaitKeys(tx, operation);
      return false;
    } catch (error) {
      if (!isAwaitedKey(error)) throw error;
    }
    const [latest] = await tx.query<{ kind: string }[]>(
      `SELECT kind FROM operation_event
       WHERE credit_operation_key = $1
         AND (contradiction OR kind IN ('signed', 'signature_failed', 'authorization_decided'))
       ORDER BY id DESC LIMIT 1`,
      [operation.key],
    );
    return latest?.kind === 'authorization_decided';
  }

  async #judge(tx: EntityManager, operation: OperationEntity): Promise<Judgement> {
    const rules = await this.rules.rulesInForce(tx);
    const actor = `${POLICY}${rules?.version ?? 'none'}`;
    if (rules === undefined) return { decision: { kind: 'person', doubts: ['rules_missing'] }, actor };
    return { decision: decideAuthorization(await this.#caseOf(tx, operation), rules), actor };
  }

  async #caseOf(tx: EntityManager, operation: OperationEntity): Promise<AuthorizationCase> {
    const history = await this.#historyOf(tx, operation.key);
    return {
      evidence: history.evidence,
      borrowerCpf: knownBorrowerCpf(operation, this.cipher),
      historyIsContradictory: history.isContradictory,
      sampleDraw: sampleDrawOf(operation.key),
    };
  }

  async #carryOut(
    tx: EntityManager,
    operation: OperationEntity,
    { decision, actor }: Judgement,
  ): Promise<void> {
    const doubts = decision.kind === 'automatic' ? [] : decision.doubts;
    const summary = { decision: decision.kind, doubts };
    await this.life.note(tx, operation, { kind: 'authorization_decided', actor, summary });
    if (decision.kind === 'automatic') {
      await this.commands.intend(tx, { subject: operation.key, action: 'authorize', actor });
      return;
    }
    const proposesCancellation =
      decision.kind === 'cancel' && !(await this.approvals.wasRejected(tx, operation.key));
    const reason = authorizationReason(doubts, proposesCancellation);
    await this.tasks.open(tx, operation, 'authorization_review', reason);
    if (proposesCancellation) await this.#proposeCancellation(tx, operation, doubts, actor);
  }

  /** The policy is the first of the two who must want a permanent cancellation; the second is a person. */
  async #proposeCancellation(
    tx: EntityManager,
    operation: OperationEntity,
    doubts: readonly AuthorizationDoubt[],
    actor: string,
  ): Promise<void> {
    await this.approvals.request(tx, operation, 'cancel_permanently', {
      by: actor,
      reason: doubtsInWords(doubts),
    });
  }

  /** The latest evidence that names signers. */
  async #signedOf(tx: EntityManager, operationKey: string): Promise<SignedRow | undefined> {
    const [signed] = await tx.query<SignedRow[]>(
      `SELECT id, webhook_event_id AS webhook, summary, personal_key_id, personal_ciphertext FROM operation_event
       WHERE credit_operation_key = $1 AND kind = 'signed' AND personal_ciphertext IS NOT NULL
       ORDER BY id DESC LIMIT 1`,
      [operationKey],
    );
    return signed;
  }

  /** The same, and whether anything heard since or besides speaks against it. */
  async #historyOf(tx: EntityManager, operationKey: string): Promise<History> {
    const signed = await this.#signedOf(tx, operationKey);
    const [against] = await tx.query<{ found: boolean }[]>(
      `SELECT EXISTS (SELECT FROM operation_event WHERE credit_operation_key = $1
         AND (contradiction OR (kind = 'signature_failed' AND id > $2))) AS found`,
      [operationKey, signed?.id ?? 0],
    );
    if (signed === undefined) return { evidence: undefined, isContradictory: against?.found ?? true };
    const sealed = evidenceOf(signed);
    // Who signed cannot be known any more: then a person must look.
    const personal = this.cipher.decryptOrTell(sealed, 'operation_event.personal_ciphertext', signed.webhook);
    return {
      evidence: personal && restoreEvidence(signed.summary, personal.toString('utf8')),
      isContradictory: against?.found ?? true,
    };
  }
}

function evidenceOf({ personal_key_id: keyId, personal_ciphertext: ciphertext }: SignedRow): Sealed {
  return { keyId, ciphertext };
}

const DRAW_BYTES = 6;

/** A number in [0, 1) that belongs to the operation: chance for us, the same for whoever asks again. */
function sampleDrawOf(operationKey: string): Decimal {
  const digest = createHash('sha256').update(`authorization sample ${operationKey}`).digest();
  return new Decimal(digest.readUIntBE(0, DRAW_BYTES)).div(new Decimal(2).pow(8 * DRAW_BYTES));
}
