import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountOf, personOf } from '../support/borrower';
import { waitFor } from '../support/wait-for';
import { cpf, nextBusinessDay, ProposalWorld } from './proposal-world';

/** What nobody may ask of a proposal or of its loan: refused with the field and the reason, and QI hears nothing of it. */
let fgts: ProposalWorld;
const documents = {
  offered: cpf(),
  accepted: cpf(),
  loan: cpf(),
  unpaid: cpf(),
  locked: cpf(),
  other: cpf(),
};
const ids = { offered: '', accepted: '', locked: '' };
const keys = { loan: '', unpaid: '' };
const year = new Date().getUTCFullYear();
const due = (years: number): string => `${year + years}-07-01`;

beforeAll(async () => {
  fgts = await ProposalWorld.start();
  const periods = [
    { due_date: due(1), amount: '812.40' },
    { due_date: due(2), amount: '433.17' },
    { due_date: due(3), amount: '250.00' },
    { due_date: due(4), amount: '180.00' },
  ];
  await fgts.plan(documents.offered, { periods });
  await fgts.plan(documents.loan, { signature: ['never'] });
  await fgts.plan(documents.unpaid, { payment: ['pix_refusal', 'never'] });
  await fgts.plan(documents.locked, { balance: ['on_locked_date_range'] });
  const opened = {
    offered: await fgts.open(documents.offered),
    accepted: await fgts.open(documents.accepted, {
      person: { ...personOf(documents.accepted), mother_name: undefined },
      account: accountOf(documents.other),
    }),
    locked: await fgts.open(documents.locked),
  };
  Object.assign(ids, opened);
  [{ key: keys.loan }, { key: keys.unpaid }] = await Promise.all([
    fgts.issue(documents.loan),
    fgts.issue(documents.unpaid),
  ]);
  await fgts.becomes(ids.offered, 'offered');
  await fgts.becomes(ids.locked, 'balance_failed');
  await fgts.accept(ids.accepted, await fgts.becomes(ids.accepted, 'offered'));
  await fgts.world.operationBecomes(keys.unpaid, 'disbursement_failed');
});
afterAll(() => fgts.end());

/** QI's own count of what we have asked of it. That missing webhooks are looked for is nobody's doing. */
const calls = (): number =>
  fgts.world.sandbox.control.ledger().calls.filter(({ path }) => !path.includes('notification')).length;

const simulate = (wishes: object) => () => fgts.act(ids.offered, 'simulate', { wishes });
const target = (amount: unknown) => simulate({ kind: 'target', amount });
const chosen = (...periods: readonly (readonly [years: number, amount: string])[]) =>
  simulate({
    kind: 'periods',
    periods: periods.map(([years, amount]) => ({ due_date: due(years), amount })),
  });
const open = (body: object) => () => fgts.post('proposals', { product: 'fgts', ...body });
const onLoan =
  (action: string, body: object, key: 'loan' | 'unpaid' = 'loan') =>
  () =>
    fgts.post(`operations/${keys[key]}/${action}`, body);

type Signature = Readonly<Record<string, object>>;
/** The printed evidence of a kind, signed by the borrower, with something wrong. */
const evidence = (name: string, change: (signature: Signature) => Signature) => () => {
  const path = join('test/contracts/qi/payloads/fgts', `${name}.json`);
  const document = JSON.parse(readFileSync(path, 'utf8')) as { signatures: [Signature] };
  const [signature] = document.signatures;
  const own = { ...signature, signer: { ...signature['signer'], document_number: documents.loan } };
  return onLoan('signature', { ...document, signatures: [change(own)] })();
};
const without =
  (part: string, field: string) =>
  (signature: Signature): Signature => ({
    ...signature,
    [part]: { ...signature[part], [field]: undefined },
  });
const [OPT_IN, ZIP, SELFIE] = [
  '15-request-signed-data-signature-opt-in',
  '16-request-signed-data-signature-zip',
  '17-request-signed-data-signature-selfie',
];

const newAccount = (document_number: string) => ({
  name: 'Maria Aparecida de Souza',
  document_number,
  bank_code: '001',
  branch_number: '1',
  account_number: '87823171',
  account_digit: '0',
  percentage_receivable: 100,
});
const saturday = (): string => {
  const day = new Date(Date.now() + 86_400_000);
  while (day.getUTCDay() !== 6) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
};
const resubmit = (body: object) => onLoan('resubmit_disbursement', body, 'unpaid');

it.each<[string, () => ReturnType<ProposalWorld['post']>, string, RegExp]>([
  ['a CPF with wrong digits', open({ document_number: '11111111112' }), 'document_number', /dígitos/],
  ['a CPF that is none', open({ document_number: 'x' }), 'document_number', /dígitos/],
  ['a query in a locked time', open({ document_number: documents.locked }), 'document_number', /a partir de/],
  [
    'the same once more',
    () => fgts.act(ids.locked, 'query_balance'),
    'document_number',
    /a partir de \d\d\/\d\d\/\d{4}, 08:00/,
  ],
  ['periods out of order', chosen([2, '400'], [1, '400']), 'periods[0].due_date', /consecutivos/],
  ['a period left out', chosen([1, '400'], [3, '200']), 'periods[1].due_date', /consecutivos/],
  [
    'more periods than the rule allows',
    chosen([1, '400'], [2, '400'], [3, '200'], [4, '150']),
    'periods',
    /3 saques/,
  ],
  [
    'a period above the queried balance',
    chosen([1, '500'], [2, '433.18']),
    'periods[1].amount',
    /saldo consultado/,
  ],
  ['a period above the rule', chosen([1, '500.01']), 'periods[0].amount', /acima do máximo/],
  ['a period below the rule', chosen([1, '99.99']), 'periods[0].amount', /abaixo do mínimo/],
  ['part of a cent', chosen([1, '100.001']), 'wishes.periods.0.amount', /em reais/],
  ['a target above what the periods pay', target('1499.99'), 'target_amount', /maior do que os saques/],
  ['a target whose last withdrawal is too small', target('80.00'), 'target_amount', /abaixo do mínimo/],
  ['a target that costs eat up', target('0.01'), 'target_amount', /abaixo do mínimo/],
  ['a target of nothing', target('0'), 'wishes.amount', /em reais/],
  ['a target that is no number', target('muito'), 'wishes.amount', /em reais/],
  [
    'another amount than is shown',
    () =>
      fgts.act(ids.offered, 'accept', {
        fee_table: 'padrao',
        disbursed_issue_amount: '1.00',
        total_amount: '1.00',
        channel: 'app',
        text_version: '1',
        accepted_at: new Date().toISOString(),
      }),
    'disbursed_issue_amount',
    /a oferta agora é de/,
  ],
  ['a yes over the telephone', () => fgts.act(ids.offered, 'accept', { channel: 'phone' }), 'channel', /./],
  [
    'an issue without all that QI needs',
    () => fgts.act(ids.accepted, 'issue'),
    'person.mother_name',
    /falta/,
  ],
  [
    "an issue to another person's account",
    () => fgts.act(ids.accepted, 'issue'),
    'account.document_number',
    /próprio/,
  ],
  [
    'opt-in without an address',
    evidence(OPT_IN, without('authenticity', 'ip_address')),
    'signatures.0.authenticity.ip_address',
    /IP/,
  ],
  [
    'opt-in without its document',
    evidence(OPT_IN, without('signed_object', 'document_md5')),
    'signatures.0.signed_object.document_md5',
    /./,
  ],
  [
    'a zip without its hash',
    evidence(ZIP, without('authenticity', 'document_md5')),
    'signatures.0.authenticity.document_md5',
    /./,
  ],
  [
    'a selfie without a face',
    evidence(SELFIE, without('authenticity', 'facial_recognition_key')),
    'signatures.0.authenticity.facial_recognition_key',
    /./,
  ],
  [
    'evidence of another person',
    evidence(SELFIE, (own) => ({ ...own, signer: { ...own['signer'], document_number: documents.other } })),
    'signatures.0.signer.document_number',
    /próprio trabalhador/,
  ],
  [
    'a PDF that anybody may change on the way',
    onLoan('signature', { type: 'pdf-signature', 'path-pdf-signed': 'http://a.example/b.pdf' }),
    'path-pdf-signed',
    /https/,
  ],
  [
    'a payment on a day that is past',
    resubmit({ disbursement_date: '2024-01-17' }),
    'disbursement_date',
    /passou/,
  ],
  ['a payment on a Saturday', resubmit({ disbursement_date: saturday() }), 'disbursement_date', /dia útil/],
  [
    "a payment to another person's account",
    resubmit({
      disbursement_date: nextBusinessDay(),
      disbursement_bank_accounts: [newAccount(documents.other)],
    }),
    'disbursement_bank_accounts.0.document_number',
    /próprio trabalhador/,
  ],
])('%s is refused, and QI hears nothing of it', async (_, ask, path, message) => {
  const before = calls();
  const answer = await ask();
  const { errors = [] } = answer.body as { errors?: readonly { path: string; message: string }[] };
  expect({ status: answer.status, paths: errors.map((error) => error.path) }).toEqual({
    status: 422,
    paths: expect.arrayContaining([path]) as string[],
  });
  expect(errors.find((error) => error.path === path)?.message).toMatch(message);
  expect(calls()).toBe(before);
});

it('figures on a balance that is too old are refused, and what was offered on it is over', async () => {
  const { sql } = fgts.world;
  await sql.query(
    `UPDATE proposal SET balance_at = now() - interval '25 hours', offer_expires_at = now() WHERE id = $1`,
    [ids.offered],
  );
  const before = calls();
  const accepted = await fgts.act(ids.offered, 'accept', {
    ...fgts.acceptanceOf(await fgts.read(ids.offered)),
  });
  expect(accepted).toMatchObject({ status: 409 });
  await waitFor('the offer to be over', async () =>
    (await fgts.read(ids.offered)).status === 'balance_known' ? true : undefined,
  );
  expect(await target('300.00')()).toMatchObject({ status: 422, body: { errors: [{ path: 'balance' }] } });
  expect(await fgts.read(ids.offered)).toMatchObject({ status: 'balance_known' });
  expect(calls()).toBe(before);
});
