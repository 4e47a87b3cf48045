import { newCpf } from '../support/webhooks';
import { createAccessWorld, type AccessWorld } from './access-world';

let world: AccessWorld;
beforeAll(async () => {
  world = await createAccessWorld();
});
afterAll(() => world.close());

it('of a contract at another bank everybody sees how its number ends, and it goes out whole', async () => {
  const number = 'CEF-77881920031';
  const incoming = {
    kind: 'incoming',
    original_contract_number: number,
    original_financial_institution_document_number: '00360305000104',
    due_balance: '9000.00',
    original_deadline: 60,
    installment: '250.00',
  };
  const wishes = { kind: 'maximum', refinancing: [incoming] };
  const operator = world.as(await world.tokenFor('operator'));
  const wanted = { product: 'federal_payroll', document_number: newCpf(), wishes };
  const opened = await operator('POST', '/api/v1/proposals', wanted);
  expect(opened.status).toBe(202);
  const viewer = world.as(await world.tokenFor('viewer'));
  const id = String(opened.body['proposal_id']);
  const shown = { ...incoming, original_contract_number: '***0031' };
  const one = await viewer('GET', `/api/v1/proposals/${id}`);
  expect(one.body['wishes']).toEqual({ ...wishes, refinancing: [shown] });
  const list = await viewer('GET', '/api/v1/proposals');
  expect(list.body['items']).toMatchObject([{ id, wishes: { refinancing: [shown] } }]);
  const [kept] = await world.dataSource.query<{ wishes: object }[]>(`SELECT wishes FROM proposal`);
  expect(kept?.wishes).toMatchObject({ refinancing: [incoming] });
});
