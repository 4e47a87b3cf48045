import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Clock } from '../kernel';
import { AuditTrail, CLOCK, FieldCipher, type Actor } from '../platform';
import { borrowerCpfOf } from './borrower-cpf';
import { ConsentWatch } from './consent-watch.service';
import type { EvidenceDto } from './evidence.dto';
import { OperationEventEntity } from './operation-event.entity';
import { OperationEntity } from './operation.entity';
import { ACCEPTANCE_SOURCE, type AcceptanceRecord, type AcceptanceSource } from './ports';
import { restoreEvidence } from './signature-evidence';

type Evidence = z.output<(typeof EvidenceDto)['schema']>;

interface SignedRow {
  readonly webhook_event_id: string | null;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly recorded_at: Date;
  readonly personal_key_id: string | null;
  readonly personal_ciphertext: Buffer | null;
}

/** Puts together what proves a loan, for one person and a reason; that they have it is recorded before they do. */
@Injectable()
export class EvidenceExport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly consents: ConsentWatch,
    private readonly audit: AuditTrail,
    private readonly cipher: FieldCipher,
    @Inject(ACCEPTANCE_SOURCE) private readonly acceptances: AcceptanceSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns undefined when there is no such operation */
  async of(key: string, reason: string, by: Actor): Promise<Evidence | undefined> {
    const { manager } = this.dataSource;
    const operation = await manager.findOneBy(OperationEntity, { key });
    if (operation === null) return undefined;
    const evidence: Evidence = {
      credit_operation_key: key,
      product: operation.product,
      exported_at: this.clock.now().toISOString(),
      exported_by: by.id,
      borrower_document_number: borrowerCpfOf(operation, this.cipher)?.reveal() ?? null,
      acceptance: viewAcceptance(await this.acceptances.acceptanceOf(key)),
      consent: await this.#consentOf(operation),
      signatures: await this.#signaturesOf(manager, key),
      timeline: await timelineOf(manager, key),
    };
    const action = 'operation.evidence_exported';
    await this.dataSource.transaction((tx) =>
      this.audit.record(tx, { actor: by.id, action, subject: key, reason }),
    );
    return evidence;
  }

  async #consentOf(operation: OperationEntity): Promise<Evidence['consent']> {
    const { consentAskedAt, consentUntil, marginStatus, marginSince } = operation;
    if (consentAskedAt === null || consentUntil === null || marginStatus === null || marginSince === null)
      return null;
    const reminders = await this.consents.remindersOf(operation);
    return {
      asked_at: consentAskedAt.toISOString(),
      until: consentUntil.toISOString(),
      reminders: reminders.map(({ day, toldAt }) => ({ day, told_at: toldAt.toISOString() })),
      margin_status: marginStatus,
      margin_since: marginSince.toISOString(),
    };
  }

  async #signaturesOf(manager: EntityManager, key: string): Promise<Evidence['signatures']> {
    const rows = await manager.query<SignedRow[]>(
      `SELECT webhook_event_id, summary, recorded_at, personal_key_id, personal_ciphertext
       FROM operation_event WHERE credit_operation_key = $1 AND kind = 'signed' ORDER BY id`,
      [key],
    );
    return rows.map((row) => this.#signatureIn(row));
  }

  #signatureIn({ personal_key_id: keyId, personal_ciphertext: ciphertext, ...row }: SignedRow) {
    const bound = row.webhook_event_id;
    const personal =
      keyId === null || ciphertext === null || bound === null
        ? ''
        : this.cipher.decrypt({ keyId, ciphertext }, 'operation_event.personal_ciphertext', bound).toString();
    const { hasSignedContract, signers } = restoreEvidence(row.summary, personal === '' ? '[]' : personal);
    return {
      recorded_at: row.recorded_at.toISOString(),
      webhook_event_id: bound,
      has_signed_contract: hasSignedContract,
      signers: signers.map((signer) => ({
        document_number: signer.cpf?.reveal() ?? null,
        signed_at: signer.signedAtText ?? null,
        face_validation_score: signer.faceValidationScore?.toFixed() ?? null,
        document_face_match_score: signer.documentFaceMatchScore?.toFixed() ?? null,
        liveness_result: signer.livenessResult ?? null,
      })),
    };
  }
}

function viewAcceptance(record: AcceptanceRecord | undefined): Evidence['acceptance'] {
  if (record === undefined) return null;
  return {
    accepted_at: record.acceptedAt.toISOString(),
    channel: record.channel,
    text_version: record.textVersion,
    ip_address: record.ipAddress,
    user_agent: record.userAgent,
    device: record.device,
    recorded_at: record.recordedAt.toISOString(),
    recorded_by: record.recordedBy,
    shown: record.shown,
  };
}

async function timelineOf(manager: EntityManager, operationKey: string): Promise<Evidence['timeline']> {
  const events = await manager.find(OperationEventEntity, { where: { operationKey }, order: { id: 'ASC' } });
  return events.map((event) => ({
    kind: event.kind,
    recorded_at: event.recordedAt.toISOString(),
    event_datetime: event.eventAtText,
    actor: event.actor,
    status: event.toStatus,
    margin_status: event.toMargin,
  }));
}
