import { Readable } from 'node:stream';
import { SheetThreads } from '../../src/policy/sheets/sheet-threads';
import { faultsAt } from '../support/described-api';
import { engineFile } from '../support/engine-file';
import { HOSTILE_FILES } from '../support/hostile-files';
import { workbook } from '../support/sheets';
import { newCpf } from '../support/webhooks';
import { mimeTypeOf, UPLOAD_CASES, uploadCase, type UploadCase } from '../uploads/cases';
import { createAccessWorld, MASTER, type AccessWorld } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

const LIST = 'empregadores_bloqueados';
const OUTSIDE = '/api/v1/policies/lists';

interface Imported {
  readonly tab: string | null;
  readonly tabs: readonly { readonly name: string; readonly hidden: boolean }[];
  readonly rows: number;
  readonly refused: number;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

describe('files that people send', () => {
  let world: AccessWorld;
  let desk: PolicyDesk;
  let draft: { path: string; etag: string };
  beforeAll(async () => {
    const ARREMATE_ENGINE_FILE = engineFile({ uploads: { at_once: 1, waiting_max: 1 } });
    world = await createAccessWorld({ ARREMATE_ENGINE_FILE });
    desk = await PolicyDesk.in(world);
    draft = await freshDraft();
  });
  afterAll(() => world.close());

  async function freshDraft(): Promise<{ path: string; etag: string }> {
    const lists = (policyNamed('x')['lists'] as { name: string }[]).map((list) =>
      list.name === LIST ? { ...list, entries: ['29113956'] } : list,
    );
    return desk.draft(policyNamed('Arquivos', { lists }));
  }

  async function send(method: 'POST' | 'PUT', url: string, type: string, payload: string | Buffer) {
    const headers = { authorization: `Bearer ${MASTER}`, 'content-type': type, 'if-match': draft.etag };
    const answer = await world.app.inject({ method, url, payload, headers });
    const [status, text] = [answer.statusCode, answer.body];
    const path = url.replace(/\?.*/, '');
    expect(faultsAt(method, path, { status, type: String(answer.headers['content-type']), text })).toEqual(
      [],
    );
    return { status, headers: answer.headers, body: answer.json<Record<string, unknown>>() };
  }

  const get = (url: string) =>
    world.app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${MASTER}` } });
  const cells = async (url: string) =>
    (await get(url)).body
      .replace('\uFEFF', '')
      .split('\r\n')
      .map((line) => line.split(';'));
  const XLSX = mimeTypeOf('.xlsx');
  const inlineList = (): string => `${draft.path}/lists/${LIST}`;

  function addressOf({ to }: UploadCase): { apply: string; preview: string; method: 'PUT' | 'POST' } {
    if (to === 'outside')
      return {
        method: 'POST',
        apply: `${OUTSIDE}?field=borrower_cpf&source=teste`,
        preview: `${OUTSIDE}/preview?field=borrower_cpf`,
      };
    const apply = to === 'document' ? inlineList() : `${draft.path}/tables/precos`;
    return { method: 'PUT', apply, preview: `${apply}/preview` };
  }

  it.each(UPLOAD_CASES.filter(({ refused }) => refused === undefined).map((one) => [one.file, one] as const))(
    'reads %s rightly, and shows it before',
    async (file, one) => {
      draft = await freshDraft();
      const { method, apply, preview } = addressOf(one);
      const shown = await send('POST', preview, mimeTypeOf(file), uploadCase(file));
      expect(shown).toMatchObject({ status: 200, body: { refused: 0, problems: [], asks_for: null } });
      const hidden = (shown.body as unknown as Imported).tabs.filter((tab) => tab.hidden);
      expect(hidden.map(({ name }) => name)).toEqual(one.hidden ?? []);
      expect(shown.body['hidden']).toEqual(one.unseen ?? { rows: 0, columns: [] });
      const done = await send(method, apply, mimeTypeOf(file), uploadCase(file));
      expect(done).toMatchObject({ status: 200, body: { imported: shown.body } });
      const after = await cells(apply);
      if (typeof one.right === 'string') {
        expect(after.filter(([cell]) => cell !== '')).toHaveLength(28);
        expect(after.at(-2)?.[4]).toBe(one.right);
      } else
        expect(
          after
            .flat()
            .filter((cell) => cell !== '')
            .map((cell) => cell.replace(/^'/, ''))
            .toSorted(),
        ).toEqual(one.right);
    },
  );

  it.each(UPLOAD_CASES.filter(({ refused }) => refused !== undefined).map((one) => [one.file, one] as const))(
    'refuses %s, says where and why, and changes nothing',
    async (file, one) => {
      const { method, apply, preview } = addressOf(one);
      const before = (await get(draft.path)).body;
      const shown = await send('POST', preview, mimeTypeOf(file), uploadCase(file));
      const done = await send(method, apply, mimeTypeOf(file), uploadCase(file));
      expect([409, 422]).toContain(done.status);
      for (const [place, why] of one.refused ?? []) {
        const told = { path: place, message: expect.stringContaining(why) as string };
        if (done.status === 409) expect([done.body['flag'], shown.body['asks_for']]).toEqual([why, why]);
        else {
          expect(done.body['errors']).toContainEqual(expect.objectContaining(told));
          expect(shown.body['errors'] ?? shown.body['problems']).toContainEqual(
            expect.objectContaining(told),
          );
        }
      }
      expect((await get(draft.path)).body).toBe(before);
    },
  );

  it('reads the tab and the column that are asked for', async () => {
    draft = await freshDraft();
    const hidden = await send(
      'POST',
      `${inlineList()}/preview?tab=Antiga`,
      XLSX,
      uploadCase('xlsx-first-hidden.xlsx'),
    );
    expect(hidden.body).toMatchObject({
      tab: 'Antiga',
      column: 'A',
      added: 1,
      removed: 1,
      asks_for: 'confirm_removal',
    });
    const unknown = await send(
      'POST',
      `${inlineList()}/preview?tab=X`,
      XLSX,
      uploadCase('xlsx-reordered.xlsx'),
    );
    expect(unknown).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringContaining('“Vigente”') as string }] },
    });
    const second = await send(
      'POST',
      `${OUTSIDE}/preview?field=borrower_cpf&column=b`,
      'text/csv',
      uploadCase('list-numbered.csv'),
    );
    expect(second.body).toMatchObject({ column: 'B', rows: 2, refused: 0 });
  });

  it('takes little from a stored list without a second word, and much only with it', async () => {
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => `${newCpf(from + at + 1)}\n`).join('');
    const url = `${OUTSIDE}?field=borrower_cpf&source=teste`;
    const { body: stored } = await send('POST', url, 'text/csv', lines(0, 100));
    expect(stored).toMatchObject({ size: 100, imported: { added: null, removed: null } });
    const against = `&against=${String(stored['sha256'])}`;
    const few = await send('POST', url + against, 'text/csv', lines(10, 130));
    expect(few).toMatchObject({
      status: 201,
      body: { imported: { added: 30, removed: 10, asks_for: null } },
    });
    const many = await send('POST', url + against, 'text/csv', lines(11, 130));
    expect(many).toMatchObject({ status: 409, body: { flag: 'confirm_removal', removed: 11, size: 100 } });
    const meant = await send('POST', `${url}${against}&confirm_removal=true`, 'text/csv', lines(11, 130));
    expect(meant).toMatchObject({
      status: 201,
      body: { imported: { removed: 11, asks_for: 'confirm_removal' } },
    });
    const unknown = await send('POST', `${url}&against=${'0'.repeat(64)}`, 'text/csv', lines(0, 1));
    expect(unknown.status).toBe(404);
  });

  it('makes a list of the document empty when that is asked for by name', async () => {
    draft = await freshDraft();
    const emptied = await send('PUT', `${inlineList()}?confirm_removal=true`, 'text/csv', '');
    expect(emptied).toMatchObject({ status: 200, body: { imported: { rows: 0, removed: 1 } } });
  });

  it.each(HOSTILE_FILES)(
    'refuses %s, and lives on',
    async (_, file, why) => {
      const bytes = Buffer.from(file());
      const refused = await send('POST', `${draft.path}/tables/precos/preview`, XLSX, bytes);
      expect(refused).toMatchObject({
        status: 422,
        body: { errors: [{ message: expect.stringContaining(why) as string }] },
      });
    },
    60_000,
  );

  it('gives a file up that takes too long, or that its thread has no memory for', async () => {
    const limited = (limits: { max_seconds: number; max_heap_mb: number }) =>
      new SheetThreads({ engine: { uploads: { at_once: 1, waiting_max: 0, ...limits } } });
    const slow = limited({ max_seconds: 1, max_heap_mb: 256 });
    const endless = new Readable({ read: () => undefined });
    expect(await slow.read({ format: 'csv' }, endless)).toMatchObject({
      reason: 'a planilha não foi lida em 1 s',
    });
    const strings = Array.from({ length: 300_000 }, (_, at) => `<si><t>${String(at)}</t></si>`).join('');
    const small = limited({ max_seconds: 60, max_heap_mb: 8 });
    const many = Readable.from([workbook({ sheet: '', strings })]);
    expect(await small.read({ format: 'xlsx' }, many)).toMatchObject({
      reason: 'a planilha é grande demais',
    });
  }, 60_000);

  it('reads one at a time here, lets one wait, and sends the third away for a while', async () => {
    const long = Array.from({ length: 200_000 }, (_, at) => `${newCpf(at + 1)}\n`).join('');
    const answers = await Promise.all(
      [1, 2, 3].map(() => send('POST', `${OUTSIDE}/preview?field=borrower_cpf`, 'text/csv', long)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 503]);
    expect(answers.find(({ status }) => status === 503)?.headers['retry-after']).toBe('5');
    expect(
      (await send('POST', `${OUTSIDE}/preview?field=borrower_cpf`, 'text/csv', '00737823780')).status,
    ).toBe(200);
  });
});
