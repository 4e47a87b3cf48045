import {
  FGTS_BALANCE_WEBHOOK_TYPES,
  MARGIN_WEBHOOK_TYPES,
  OPERATION_WEBHOOK_TYPES,
  WEBHOOK_TYPES,
  readAuctionEnd,
  readBalanceNews,
  readMarginNews,
  readEnvelope,
  readOperationEvent,
  readProposalRequest,
  type OperationEventReading,
} from '../../../src/qi';
import { payload, payloadNames } from './payloads';

const UUID_REQUEST = '88b0203d-31ad-48c6-a795-b6d45ab4898a';

describe('envelopes of the printed webhooks', () => {
  test.each([
    [
      'private-payroll-auction/01-webhook-new-issuer-proposal-request',
      WEBHOOK_TYPES.proposalRequest,
      UUID_REQUEST,
      'ongoing',
      '2025-03-20T14:47:43Z',
    ],
    [
      'private-payroll-auction/06-webhook-end-of-auction-won',
      WEBHOOK_TYPES.auctionEnd,
      '250cfea5-99dc-4c80-be3e-2231350cf9a2',
      'won',
      '2025-03-20T14:48:43Z',
    ],
    [
      'private-payroll-operation/01-webhook-credit-operation-signed',
      WEBHOOK_TYPES.creditOperation,
      '<credit_operation_key>',
      'signed',
      '2025-04-09 20:00:19',
    ],
    [
      'private-payroll-operation/02-webhook-credit-operation-canceled-signature-failure',
      WEBHOOK_TYPES.creditOperation,
      'e8e28023-fa00-4d12-a410-ede4157957ea',
      'canceled',
      '2025-11-28 17:35:07',
    ],
    [
      'private-payroll-operation/03-webhook-reservation-status-pending-requester-authorization',
      WEBHOOK_TYPES.reservation,
      '<credit_operation_key>',
      'pending_requester_authorization',
      '2025-04-09T20:00:20Z',
    ],
    [
      'private-payroll-reservation/01-webhook-reservation-status-pending-requester-authorization',
      WEBHOOK_TYPES.reservation,
      '<Debt Key>',
      'pending_requester_authorization',
      '2025-04-09T20:00:20Z',
    ],
    [
      'private-payroll-reservation/03-webhook-collateral-constituted-true-wrapped',
      WEBHOOK_TYPES.collateral,
      '<UUID>',
      undefined,
      '2025-07-10 02:15:01',
    ],
    [
      'private-payroll-reservation/04-webhook-collateral-constituted-false',
      WEBHOOK_TYPES.collateral,
      '72926c65-35a5-4060-b5ec-af8661d8546a',
      undefined,
      '2025-10-10 00:07:21',
    ],
    [
      'private-payroll-reservation/05-webhook-debt-disbursed',
      WEBHOOK_TYPES.debt,
      '8351238-1272-46b2-292b-7161a05c5161',
      'disbursed',
      '2026-01-29 20:03:45',
    ],
    [
      'private-payroll-reservation/06-webhook-debt-canceled-ted-refusal',
      WEBHOOK_TYPES.debt,
      '<Debt Key>',
      'canceled',
      '2025-03-18 16:41:28',
    ],
    [
      'private-payroll-reservation/07-webhook-debt-canceled-pix-refusal',
      WEBHOOK_TYPES.debt,
      '<Debt Key>',
      'canceled',
      '2025-03-18 16:41:28',
    ],
    [
      'private-payroll-reservation/10-webhook-debt-canceled-permanently',
      WEBHOOK_TYPES.debt,
      '<Debt Key>',
      'canceled_permanently',
      '2025-03-18 16:41:28',
    ],
    [
      'federal-payroll/03-webhook-balance-success-loan-only',
      WEBHOOK_TYPES.federalPayrollBalance,
      '<BALANCE-KEY>',
      'success',
      '2022-09-05T18:43:29Z',
    ],
    [
      'federal-payroll/04-webhook-balance-success-loan-and-card',
      WEBHOOK_TYPES.federalPayrollBalance,
      '<BALANCE-KEY>',
      'success',
      '2022-09-05T18:43:29',
    ],
    [
      'federal-payroll/05-webhook-balance-failure',
      WEBHOOK_TYPES.federalPayrollBalance,
      '<BALANCE-KEY>',
      'failure',
      '2022-09-05T18:43:29Z',
    ],
    [
      'federal-payroll/11-webhook-collateral-pending-consent',
      WEBHOOK_TYPES.collateral,
      '<DEBT-KEY>',
      undefined,
      '2022-10-31 15:23:46',
    ],
    [
      'federal-payroll/12-webhook-collateral-constituted-true',
      WEBHOOK_TYPES.collateral,
      '<DEBT-KEY>',
      undefined,
      '2022-10-31 15:23:46',
    ],
    [
      'fgts/03-webhook-available-balance-success',
      WEBHOOK_TYPES.availableBalance,
      '7521981f-0b06-43d2-9a75-d3a1f215fbbf',
      'success',
      '2022-12-26T13:36:16',
    ],
    [
      'fgts/04-webhook-available-balance-failed',
      WEBHOOK_TYPES.availableBalance,
      '7521981f-0b06-43d2-9a75-d3a1f215fbbf',
      'failed',
      '2022-12-26T13:36:16',
    ],
    [
      'fgts/05-webhook-available-balance-failed-locked-date-range',
      WEBHOOK_TYPES.availableBalance,
      '7521981f-0b06-43d2-9a75-d3a1f215fbbf',
      'failed',
      '2022-12-26T13:36:16',
    ],
    [
      'fgts/19-webhook-debt-signature-finished-full-status-waiting-signature',
      WEBHOOK_TYPES.debt,
      'e99ed7c8-ecb3-441d-9130-45feb0ad9c36',
      'waiting_signature',
      '2023-05-26 14:55:38',
    ],
    [
      'fgts/20-webhook-debt-signature-finished-simplified',
      WEBHOOK_TYPES.debt,
      '57f8e1ce-1080-4d0d-a195-89709b961561',
      'signature_finished',
      '2022-09-29 20:00:54',
    ],
    [
      'fgts/21-webhook-debt-disbursed-wrapped',
      WEBHOOK_TYPES.debt,
      '4475d350-a63f-4d93-8e76-40386ce942b0',
      'disbursed',
      '2024-01-11 13:28:46',
    ],
    [
      'fgts/22-webhook-debt-canceled',
      WEBHOOK_TYPES.debt,
      '6613ebf5-b41d-4257-b2f9-89ce261c5041',
      'canceled',
      '2022-12-22 21:27:41',
    ],
    [
      'fgts/23-webhook-collateral-constituted-true',
      WEBHOOK_TYPES.collateral,
      '767b4ca4-0afc-4e28-a7d7-645bef1873c2',
      undefined,
      '2022-12-09 19:02:32',
    ],
  ])('%s', (name, type, key, status, eventAtText) => {
    const document = payload(name);
    const envelope = readEnvelope(document);
    expect(envelope).toMatchObject({ type, key, eventAtText });
    expect(envelope.status).toBe(status);
    expect(envelope.document).toEqual('webhook' in document ? document['webhook'] : document);
  });

  it('covers every printed webhook', () => {
    expect(payloadNames.filter((name) => name.includes('-webhook-'))).toHaveLength(25);
  });
});

describe('the printed proposal request', () => {
  const reading = readProposalRequest(
    payload('private-payroll-auction/01-webhook-new-issuer-proposal-request'),
  );
  if (reading.kind !== 'read') throw new Error(reading.code);
  const { request } = reading;

  it('is read whole and without a problem', () => {
    expect(request).toMatchObject({
      key: UUID_REQUEST,
      status: 'ongoing',
      eventAtText: '2025-03-20T14:47:43Z',
      inclusionLimitText: '2025-03-20T11:49:43Z',
      expirationText: '2025-03-21T11:47:12Z',
      employer: { documentType: 'cnpj', documentNumber: '29113956000181' },
      admissionDate: '2020-03-10',
      eligible: true,
      requestedInstallments: 10,
      problems: [],
    });
    expect(request.requestedAmount?.toFixed()).toBe('2100');
    expect(request.consignedCreditBalance?.toFixed()).toBe('10000');
  });

  it('keeps the borrower personal', () => {
    expect(request.borrower.cpf?.reveal()).toBe('00737823780');
    expect(request.borrower.name?.reveal()).toBe('VALENTINA SANTOS');
    expect(request.borrower.registration?.reveal()).toBe('TESTE123');
    expect(request.borrower).toMatchObject({ birthDate: '1973-03-14', politicalExposition: 'not_exposed' });
    expect(JSON.stringify(request)).not.toMatch(/00737823780|VALENTINA|TESTE123/);
  });

  it('keeps the history of the job with its codes in two digits', () => {
    expect(request.alerts).toEqual([
      {
        type: 'leave',
        referenceDate: '2025-02-11',
        leaveReasonCode: '03',
        leaveStartDate: '2025-02-11',
        leaveEndDate: '2025-03-11',
        terminationReasonCode: undefined,
        terminationDate: undefined,
        noticePeriodStartDate: undefined,
        noticePeriodEndDate: undefined,
      },
      {
        type: 'termination',
        referenceDate: '2025-02-11',
        leaveReasonCode: undefined,
        leaveStartDate: undefined,
        leaveEndDate: undefined,
        terminationReasonCode: '01',
        terminationDate: '2025-02-11',
        noticePeriodStartDate: '2025-01-11',
        noticePeriodEndDate: '2025-02-11',
      },
    ]);
  });
});

test('the printed end of an auction is a win', () => {
  expect(readAuctionEnd(payload('private-payroll-auction/06-webhook-end-of-auction-won'))).toEqual({
    kind: 'read',
    end: {
      auctionProposalKey: '250cfea5-99dc-4c80-be3e-2231350cf9a2',
      issuerProposalRequestKey: '262d0584-9827-4652-9b27-6a46c9832f38',
      outcome: 'won',
      status: 'won',
      rankPosition: 1,
      creditOperationKey: '9e06ca79-3610-4794-8312-9663e0343f6b',
    },
  });
});

/** The messages that have the number of the CCB. */
const CONTRACTS: Readonly<Record<string, string>> = {
  'federal-payroll/10-response-debt-issue-waiting-signature': '00000000001',
  'fgts/12-response-debt-create-waiting-signature': '0000083262/PAD',
  'fgts/19-webhook-debt-signature-finished-full-status-waiting-signature': '0000064547/PAD',
};

describe('what each printed webhook says of its operation', () => {
  const readEvent = (name: string): OperationEventReading => {
    const { document } = readEnvelope(payload(name));
    return readOperationEvent(document);
  };
  /** Decimals and personal values as text, so that a table can hold what is expected. */
  const plain = (reading: OperationEventReading): unknown => JSON.parse(JSON.stringify(reading));

  test.each<[name: string, event: object, product: string | undefined]>([
    [
      'private-payroll-operation/02-webhook-credit-operation-canceled-signature-failure',
      {
        kind: 'signature_failed',
        failure: {
          code: 'face_validation_score',
          reason: 'Validação facial não alcançou a pontuação mínima permitida',
        },
      },
      undefined,
    ],
    [
      'private-payroll-operation/03-webhook-reservation-status-pending-requester-authorization',
      { kind: 'authorization_requested' },
      undefined,
    ],
    [
      'private-payroll-reservation/01-webhook-reservation-status-pending-requester-authorization',
      { kind: 'authorization_requested' },
      undefined,
    ],
    [
      'private-payroll-reservation/03-webhook-collateral-constituted-true-wrapped',
      { kind: 'reservation_confirmed' },
      'private_payroll',
    ],
    [
      'private-payroll-reservation/04-webhook-collateral-constituted-false',
      { kind: 'reservation_refused', failures: [{ code: 'monthly_interest_rate_exceeds_active_proposal' }] },
      'private_payroll',
    ],
    [
      'private-payroll-reservation/06-webhook-debt-canceled-ted-refusal',
      {
        kind: 'disbursement_failed',
        failure: {
          code: 'ted_refusal',
          reason: 'agencia_conta_invalida: Agência ou Conta Destinatária do Crédito Inválida',
        },
        refusal: {
          cause: 'agencia_conta_invalida',
          account: { bank: '341', branch: '0000', number: '***007' },
          accountNumber: '***',
        },
      },
      undefined,
    ],
    [
      'private-payroll-reservation/07-webhook-debt-canceled-pix-refusal',
      {
        kind: 'disbursement_failed',
        failure: {
          code: 'pix_refusal',
          reason:
            'invalid_document_number: CPF/CNPJ do usuário recebedor não é compatível com o titular da conta de destino.',
        },
        refusal: { cause: 'invalid_document_number' },
      },
      undefined,
    ],
    [
      'private-payroll-reservation/10-webhook-debt-canceled-permanently',
      { kind: 'canceled_permanently' },
      undefined,
    ],
    [
      'federal-payroll/10-response-debt-issue-waiting-signature',
      { kind: 'noted', what: 'waiting_signature' },
      'federal_payroll',
    ],
    [
      'federal-payroll/11-webhook-collateral-pending-consent',
      { kind: 'reservation_waiting', status: 'pending_consent' },
      'federal_payroll',
    ],
    [
      'federal-payroll/12-webhook-collateral-constituted-true',
      { kind: 'reservation_confirmed' },
      'federal_payroll',
    ],
    [
      'fgts/19-webhook-debt-signature-finished-full-status-waiting-signature',
      { kind: 'noted', what: 'waiting_signature' },
      'fgts',
    ],
    [
      'fgts/20-webhook-debt-signature-finished-simplified',
      { kind: 'signed', evidence: { signers: [], hasSignedContract: false } },
      undefined,
    ],
    [
      'fgts/22-webhook-debt-canceled',
      {
        kind: 'disbursement_failed',
        failure: {
          code: 'fgts_insufficient_balance',
          reason: 'Available Balance is not sufficient for given periods amount',
        },
      },
      'fgts',
    ],
    ['fgts/23-webhook-collateral-constituted-true', { kind: 'reservation_confirmed' }, 'fgts'],
    [
      'fgts/14-response-signed-pdf-signature-received',
      { kind: 'noted', what: 'signature_received' },
      undefined,
    ],
    [
      'fgts/12-response-debt-create-waiting-signature',
      { kind: 'noted', what: 'waiting_signature' },
      'fgts',
    ],
  ])('%s', (name, event, product) => {
    const document = payload(name);
    const { key } = readEnvelope(document);
    expect(plain(readEvent(name))).toEqual({
      kind: 'read',
      operationKey: key,
      ...(product === undefined ? {} : { product }),
      ...(name in CONTRACTS && { contractNumber: CONTRACTS[name] }),
      event,
      problems: [],
    });
  });

  test('signed: the evidence without a name, an address or a link', () => {
    const reading = readEvent('private-payroll-operation/01-webhook-credit-operation-signed');
    expect(plain(reading)).toMatchObject({
      kind: 'read',
      contractNumber: '0000195364',
      event: {
        kind: 'signed',
        evidence: {
          hasSignedContract: true,
          signers: [
            {
              cpf: '***.856.400-**',
              faceValidationScore: '80',
              faceValidationAvailable: true,
              fraudBaseFlag: false,
              documentFaceMatchScore: '100',
              livenessResult: 'live',
              signedAtText: '2025-04-09T19:59:39Z',
            },
          ],
        },
      },
      problems: [],
    });
    expect(JSON.stringify(reading)).not.toMatch(/Nome Trabalhador|exemplo@|https:|829549234|50485640066/);
  });

  test('disbursed: payments and instalments, wrapped or bare', () => {
    const bare = readEvent('private-payroll-reservation/05-webhook-debt-disbursed');
    expect(plain(bare)).toMatchObject({
      event: {
        kind: 'disbursed',
        payments: [
          {
            amount: '2444.15',
            endToEndId: 'E32402502202601291954msTASDFEGS',
            transactionKey: 'e89dc7af-165d-4534-b345-11345625d2c6',
            timestampText: '2026-01-29T20:03:44',
          },
        ],
        installments: [
          { number: 1, dueDate: '2026-04-28', totalAmount: '180.75' },
          { number: 2, dueDate: '2026-05-28', totalAmount: '180.75' },
          { number: 3, dueDate: '2026-06-28', totalAmount: '180.75' },
          { number: 4, dueDate: '2026-07-28', totalAmount: '180.75' },
          { number: 5, dueDate: '2026-08-28', totalAmount: '180.75' },
          { number: 6, dueDate: '2026-09-28', totalAmount: '180.75' },
        ],
      },
      problems: [],
    });
    expect(plain(readEvent('fgts/21-webhook-debt-disbursed-wrapped'))).toMatchObject({
      operationKey: '4475d350-a63f-4d93-8e76-40386ce942b0',
      event: {
        payments: [{ amount: '1100', endToEndId: 'E32402502202401111328RqgXuWz64uU' }],
        installments: [{ dueDate: '2024-08-01', totalAmount: '1264.12' }],
      },
      problems: [],
    });
  });
});

test('no printed document makes a reader throw, and no webhook type is left without a reader', () => {
  const routed = [
    WEBHOOK_TYPES.proposalRequest,
    WEBHOOK_TYPES.auctionEnd,
    ...OPERATION_WEBHOOK_TYPES,
    ...MARGIN_WEBHOOK_TYPES,
    ...FGTS_BALANCE_WEBHOOK_TYPES,
  ];
  for (const name of payloadNames) {
    const { type, document } = readEnvelope(payload(name));
    readProposalRequest(document);
    readAuctionEnd(document);
    readOperationEvent(document);
    readBalanceNews(document);
    readMarginNews(document);
    if (name.includes('-webhook-')) expect(routed).toContain(type);
  }
});
