import type { FairnessView } from '../../src/history/rates/fairness.dto';
import { copiesOf } from '../support/copied-auctions';
import { waitFor } from '../support/wait-for';
import { consoleWorld } from './console-world';

/** How a week went: so many won and lost, on one day of it. */
const week = (daysAgo: number, won: number, lost: number) => [
  ...Array.from({ length: won }, () => ({ status: 'won' as const, daysAgo })),
  ...Array.from({ length: lost }, () => ({ status: 'lost' as const, daysAgo })),
];

/** A day in São Paulo. */
const dayAgo = (days: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo' }).format(Date.now() - days * 86_400_000);

const CUT_REPORT: FairnessView = {
  by: 'age',
  looked_at: 19_990,
  suppressed: 2,
  limited_to: 20_000,
  looked_from: '2026-08-14T15:00:30.000Z',
  kept_after: null,
  groups: [
    {
      group: '35',
      decisions: 19_990,
      declined: { share: 0.5, low: 0.49, high: 0.51 },
      bids: 9_995,
      mean_rate: '0.021000',
      unexplained: null,
    },
  ],
};

describe('money and comparisons', () => {
  const world = consoleWorld();

  beforeAll(async () => {
    const cheap = world.openAuction({
      request: { disbursed_issue_amount: 2100, number_of_installments: 12 },
    });
    const dear = world.openAuction({ request: { disbursed_issue_amount: 5000, number_of_installments: 24 } });
    await world.auctionBecomes(cheap, 'won');
    await world.auctionBecomes(dear, 'won');
    await world.database.asOwner(copiesOf(cheap, [...week(2, 60, 40), ...week(9, 30, 70)]));
    await world.database.asOwner(copiesOf(dear, [...week(2, 50, 20), ...week(9, 50, 20)]));
    await waitFor(
      'the facts of both weeks',
      async () => {
        const [{ known }] = (await world.database.asOwner(
          `SELECT count(*)::int AS known FROM history_fact WHERE margin_is = 'known'`,
        )) as [{ known: number }];
        return known === 342 ? known : undefined;
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
  }, 120_000);

  it('win rate of these 7 days against the 7 before: 2 clicks', async () => {
    const page = await world.openAs(['analyst'], '/');
    await page.getByRole('navigation').getByRole('link', { name: 'Comparar' }).click();
    await page.getByRole('radiogroup', { name: 'Períodos' }).getByText('7 dias com os 7 de antes').click();
    const row = page.getByRole('table', { name: 'Comparação' }).getByRole('row', { name: /Taxa de vitória/ });
    await row.getByText('n = 172').waitFor();
    const said = (await row.innerText()).replaceAll('\u00a0', ' ');
    expect(said).toContain('65,12%'); // 112 of 172, the two of today among them
    expect(said).toContain('47,06%'); // 80 of 170
    expect(said).toMatch(/\+18,06 pp[\s\S]*diferem/);
  });

  it('any period beside any other: two chosen ones on Comparar, and on Resultado, Explorar and Gráficos', async () => {
    const page = await world.openAs(['analyst'], '/comparar');
    await page.getByRole('radiogroup', { name: 'Períodos' }).getByText('Dois períodos').click();
    await page.getByRole('button', { name: 'Segundo período' }).waitFor();
    const days = `de=${dayAgo(6)}&ate=${dayAgo(0)}`;
    await page.goto(`/comparar?periodo=datas&${days}&contra=${dayAgo(9)}a${dayAgo(9)}`);
    const total = page.getByRole('table', { name: 'Comparação' });
    await total.getByRole('row', { name: /Taxa de vitória.*47,06%.*diferem/ }).waitFor();

    await page.goto('/resultado');
    await page
      .getByRole('textbox', { name: 'Comparar com' })
      .or(page.getByLabel('Comparar com'))
      .first()
      .click();
    await page.getByRole('option', { name: 'Uma semana antes' }).click();
    const compared = page.getByRole('region', { name: /Em relação a/ });
    await compared.getByRole('row', { name: /Volume arrematado/ }).waitFor();
    await page
      .getByRole('table', { name: 'Resultado por grupo' })
      .getByText(/^antes/)
      .first()
      .waitFor();

    await page.goto('/explorar?linhas=term&medida=win_rate&dias=7&contra=anterior');
    const cells = page.getByRole('table', { name: 'Taxa de vitória por prazo' });
    await cells
      .getByText(/: diferem$/)
      .first()
      .waitFor();

    await page.goto(`/taxa?${days}&contra=anterior`);
    await page.getByText(/^No todo 65,12%.*antes 47,06%.*diferem\.$/).waitFor();

    await page.goto(`/graficos?${days}&contra=anterior`);
    await page.getByText(/^No todo 65,12%.*antes 47,06%.*: \+18,06\spp .*diferem\.$/).waitFor();
    await page.getByText(/^Ganhos: 112, antes 80: \+32 \(\+40,00%\)\. Perdidos/).waitFor();
  });

  it('no figure of one question stands under the name of the next, however long that takes', async () => {
    const page = await world.openAs(['analyst'], '/resultado');
    const against = async (option: string): Promise<void> => {
      await page.getByRole('combobox', { name: 'Comparar com' }).click();
      await page.getByRole('option', { name: option }).click();
    };
    const compared = page.getByRole('region', { name: /Em relação a/ });
    const groups = page.getByRole('table', { name: 'Resultado por grupo' });
    await against('Uma semana antes');
    await compared.getByRole('row', { name: /Volume arrematado/ }).waitFor();
    await groups
      .getByText(/^antes/)
      .first()
      .waitFor();
    await page.route(
      /\/history\/(comparison|results|pivot|charts|win-curve)\?/,
      () => new Promise(() => undefined),
    );
    await against('Quatro semanas antes');
    await compared.getByLabel('Carregando').waitFor();
    expect(await compared.getByText(/R\$|%/).count()).toBe(0);
    expect(await groups.getByText(/^antes/).count()).toBe(0);
    await page.getByRole('combobox', { name: 'Por' }).click();
    await page.getByRole('option', { name: 'prazo' }).click();
    await groups.waitFor({ state: 'detached' });
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('a version alone is held against all of them, and the menu clears it', async () => {
    const page = await world.openAs(['analyst'], '/comparar');
    const asked: URL[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/history/comparison')) asked.push(new URL(request.url()));
    });
    const version = page.getByLabel('com a versão');
    await version.fill('7');
    await version.press('Tab');
    await page.getByText(/ com .*, este só da versão 7\. /).waitFor();
    await page.getByText('Taxa de vitória').waitFor();
    const last = asked.at(-1)?.searchParams;
    expect([last?.get('a_policy'), last?.get('b_policy')]).toEqual([null, '7']);
    await page.getByRole('navigation').getByRole('link', { name: 'Comparar' }).click();
    await page.getByText(/este só da versão 7/).waitFor({ state: 'detached' });
    expect(await version.inputValue()).toBe('');
  });

  it('two versions stand under their own names and under no period, and one that decided nothing is said to be so', async () => {
    const [{ version }] = (await world.database.asOwner(
      'SELECT min(policy_version) AS version FROM decision',
    )) as [{ version: string }];
    const page = await world.openAs(['analyst'], `/comparar?versao=${version}&com=${version}`);
    const total = page.getByRole('table', { name: 'Comparação' });
    await total.waitFor();
    expect(await total.getByRole('columnheader', { name: `Versão ${version}` }).count()).toBe(2);
    expect(
      await page.getByRole('radiogroup', { name: 'Períodos' }).getByRole('radio', { checked: true }).count(),
    ).toBe(0);
    await page.goto(`/comparar?versao=${version}&com=99&por=term`);
    await page.getByText('Nada da versão 99').waitFor();
    expect(await page.getByText(/R\$/).count()).toBe(0);
  });

  it('who is looked for by an outcome is told no rate of winning: the filter has made it', async () => {
    const page = await world.openAs(['analyst'], '/graficos?status=lost');
    await page.getByText('Só com ganhos e perdidos').waitFor();
    expect(await page.getByRole('img', { name: /^Taxa de vitória/ }).count()).toBe(0);
    await page.goto('/graficos?status=won,lost,expired');
    await page.getByRole('img', { name: /^Taxa de vitória/ }).waitFor();
    await page.goto(`/comparar?por=status`);
    const groups = page.getByRole('table', { name: 'Comparação por grupo' });
    await groups.waitFor();
    expect(await groups.getByRole('columnheader', { name: 'Taxa de vitória' }).count()).toBe(0);
  });

  it('a period is chosen by its first and its last day, and is left as it was by whoever chooses one of them', async () => {
    const page = await world.openAs(['analyst'], `/resultado?de=${dayAgo(9)}&ate=${dayAgo(0)}`);
    const chosen = page.getByRole('button', { name: 'Período' });
    const days = page.locator('[data-dates-dropdown] table button:not([data-outside])');
    const before = await chosen.innerText();
    await chosen.click();
    await days.nth(0).click();
    await page.keyboard.press('Escape');
    await days.first().waitFor({ state: 'hidden' });
    expect(await chosen.innerText()).toBe(before);
    await chosen.click();
    await days.nth(1).click();
    await days.nth(0).click();
    await page.waitForURL(/de=\d{4}-\d\d-01&ate=\d{4}-\d\d-02/);
    expect(await chosen.innerText()).toMatch(/^01\/.*02\//);
  });

  it('earned had we bid 10 bp lower: 2 clicks; and what was earned, with its sample', async () => {
    const page = await world.openAs(['analyst'], '/');
    await page.getByRole('navigation').getByRole('link', { name: 'Resultado' }).click();
    await page.getByRole('button', { name: 'Estimar' }).click();
    const answer = page.getByRole('region', { name: 'E se a taxa fosse outra' }).getByRole('alert');
    await answer.waitFor();
    const said = (await answer.innerText()).replaceAll('\u00a0', ' ');
    expect(said).toMatch(/leilões ganhos a mais \(de .* a .*\)/);
    expect(said).toMatch(/Na margem: -?R\$ [\d.]+,\d\d \(de -?R\$/);
    expect(said).toContain('342 lances de resultado conhecido');
    const table = page.getByRole('table', { name: 'Resultado por grupo' });
    expect(await table.getByRole('row', { name: /Total/ }).innerText()).toMatch(/192/);

    // It is the answer to what was asked, and to nothing else.
    const section = page.getByRole('region', { name: 'E se a taxa fosse outra' });
    const points = section.getByLabel('Pontos-base');
    await points.fill('20');
    await answer.waitFor({ state: 'hidden' });
    await points.fill('-10');
    await answer.waitFor();
    await section.getByText(/^Com -10 pb no período de \d\d\/.* a \d\d\/.*\.$/).waitFor();
    await page.getByRole('button', { name: 'Período' }).click();
    const day = page.locator('[data-dates-dropdown] table button:not([data-outside])').first();
    await day.click();
    await day.click();
    await answer.waitFor({ state: 'hidden' });
  });

  it('how often each rate wins, and what came of it: page Taxa, by amount', async () => {
    const page = await world.openAs(['analyst'], '/taxa?por=amount');
    const segments = page.getByRole('table', { name: 'Onde estamos' });
    const row = segments.getByRole('row', { name: /desde R\$\s5\.000,00/ });
    await row.waitFor();
    expect((await row.innerText()).replaceAll('\u00a0', ' ')).toMatch(/141\s+71,63%/); // 101 of 141
    await row.getByRole('button', { name: /Ver a curva/ }).click();
    const bands = page.getByRole('table', { name: 'Faixas de taxa' });
    await bands.getByText('101 de 141').waitFor();
    await page.getByRole('table', { name: 'Maldição do vencedor por posição' }).waitFor();
    await page.getByRole('tab', { name: 'Equidade' }).click();
    await page.getByText('Nenhum grupo tem 20 decisões no período').waitFor(); // the copies are of nobody
    await page.getByRole('tab', { name: 'Empregadores' }).click();
    await page.getByText('Nada foi informado dos contratos do período').waitFor();
  });

  it('rates and refusals by group of the newest decisions alone: the page says so, and since when they are', async () => {
    const page = await world.openAs(['analyst'], '/taxa');
    // Twenty thousand decisions are not made for this: the answer is that of a period which has more.
    await page.route('**/api/v1/history/fairness?*', (route) => route.fulfill({ json: CUT_REPORT }));
    await page.getByRole('tab', { name: 'Equidade' }).click();
    await page
      .getByText(
        'Só as 20.000 decisões mais novas do período são contadas, recebidas desde 14/08/2026 12:00.',
      )
      .waitFor();
    await page.getByText('Idade (19.990 decisões, 2 grupos pequenos de fora)').waitFor();
  });

  it('funding left today by employer: no click beyond the page of results', async () => {
    const page = await world.openAs(['analyst'], '/resultado');
    const funding = page.getByRole('table', { name: 'Funding que resta por empregador' });
    const row = funding.getByRole('row', { name: /29\.113\.956\/0001-81/ });
    await row.waitFor();
    const cells = (await row.innerText()).replaceAll('\u00a0', ' ');
    expect(cells).toMatch(/R\$ 7\.100,00\s+R\$ 2\.000\.000,00\s+R\$ 1\.992\.900,00/);
  });

  it('a pivot of two dimensions; a view of what is gone says so', async () => {
    const page = await world.openAs(['analyst'], '/explorar?linhas=rate&colunas=status&medida=requests');
    const table = page.getByRole('table', { name: 'Pedidos recebidos por taxa do lance' });
    await table.getByRole('columnheader', { name: 'ganho' }).waitFor();
    const shown = (await table.innerText()).replaceAll('\u00a0', ' ');
    expect(shown).toMatch(/desde 2,60%[\s\S]*desde 2,70%/);
    // Each row and each column ends in its total; the last one is the whole.
    const lines = (await table.getByRole('row').allInnerTexts()).map((line) => line.trim().split(/\s*\t\s*/));
    const figures = (line: readonly string[] = []) =>
      line.slice(1).map((text) => Number(text.replace('–', '0')));
    const [rows, totals] = [lines.slice(1, -1).map(figures), figures(lines.at(-1))];
    expect(lines[0]?.at(-1)).toBe('Total');
    for (const line of [...rows, totals])
      expect(line.slice(0, -1).reduce((sum, one) => sum + one, 0)).toBe(line.at(-1));
    expect(totals.at(-1)).toBe(rows.reduce((sum, line) => sum + (line.at(-1) ?? 0), 0));
    await page.goto('/explorar?linhas=signo&medida=requests');
    await page.getByText('A dimensão “signo” não existe mais. Escolha outra.').waitFor();
  });

  it('a view kept, put on a dashboard for all, printed, exported every week; one that is gone takes no other with it', async () => {
    const page = await world.openAs(['analyst'], '/explorar?linhas=rate&colunas=status&medida=requests');
    for (const [name, address] of [
      ['Pedidos por taxa', undefined],
      ['Vitórias por prazo', '/explorar?linhas=term&medida=win_rate&dias=90'],
    ] as const) {
      if (address !== undefined) await page.goto(address);
      await page.getByRole('button', { name: 'Visões' }).click();
      await page.getByLabel('Nome da visão').fill(name);
      await page.getByRole('button', { name: 'Guardar' }).click();
      await page.getByRole('menuitem', { name }).waitFor();
      await page.keyboard.press('Escape');
    }
    await page.goto('/paineis');
    await page.getByLabel('Nome do painel').fill('Mesa');
    await page.getByLabel('Todos podem ver').check();
    await page.getByRole('button', { name: 'Criar painel' }).click();
    for (const name of ['Pedidos por taxa', 'Vitórias por prazo']) {
      await page
        .getByRole('textbox', { name: 'Incluir visão' })
        .or(page.getByRole('combobox', { name: 'Incluir visão' }))
        .first()
        .click();
      await page.getByRole('option', { name }).click();
      await page.getByRole('region', { name }).getByRole('table').waitFor();
    }
    const address = page.url();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('table').count()).toBe(2);
    expect(await page.getByLabel('Todos podem ver').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });

    await page.goto('/exportacoes');
    await page
      .getByRole('textbox', { name: 'Visão' })
      .or(page.getByRole('combobox', { name: 'Visão' }))
      .first()
      .click();
    await page.getByRole('option', { name: 'Vitórias por prazo' }).click();
    await page.getByRole('button', { name: 'Agendar' }).click();
    await page.getByText('Toda semana, segunda-feira, às 7h').waitFor();
    // The account of whoever scheduled it is closed: somebody else who may export goes on with it.
    await world.database.asOwner(
      `UPDATE app_user SET disabled_at = now() WHERE 'user:' || username = (SELECT owner FROM export_schedule)`,
    );
    const heir = await world.openAs(['auditor'], '/exportacoes');
    await heir.getByText('Quem agendou não pode mais exportar').waitFor();
    await heir.getByRole('button', { name: 'Assumir: Vitórias por prazo' }).click();
    await heir.getByRole('dialog').getByRole('button', { name: 'Assumir' }).click();
    await heir.getByText('Quem agendou não pode mais exportar').waitFor({ state: 'hidden' });

    await world.database.asOwner(
      `UPDATE saved_view SET query = 'by=vintage&measures=won&days=30' WHERE name = 'Pedidos por taxa'`,
    );
    const other = await world.openAs(['viewer'], new URL(address).pathname);
    await other
      .getByRole('region', { name: 'Pedidos por taxa' })
      .getByText('A dimensão “vintage” não existe mais')
      .waitFor();
    await other.getByRole('region', { name: 'Vitórias por prazo' }).getByRole('table').waitFor();
    expect(await other.getByRole('button', { name: 'Apagar painel' }).count()).toBe(0);
  });

  it('says that the other period could not be read', async () => {
    const page = await world.openAs(['analyst'], '/');
    const isOther = (url: URL) => url.searchParams.get('from') === '2026-01-01';
    const refused = { status: 422, contentType: 'application/problem+json', body: '{"title":"Não se lê"}' };
    await page.route(isOther, (route) => route.fulfill(refused));
    for (const path of ['/taxa?aba=curva&', '/resultado?']) {
      await page.goto(`${path}contra=2026-01-01a2026-01-31`);
      await page.getByText('O outro período não pôde ser lido').waitFor();
    }
  });

  it('passes over what an address says and nobody can read', async () => {
    const page = await world.openAs(['analyst'], '/');
    for (const path of ['/resultado', '/comparar', '/explorar', '/taxa?aba=curva']) {
      await page.goto(
        `${path}${path.includes('?') ? '&' : '?'}de=ontem&ate=2026-99-99&periodo=era&contra=nada`,
      );
      await page.locator('main').getByRole('table').first().waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    }
  });

  it('a file of instalments says what it would replace before it is stored', async () => {
    const [{ loan }] = (await world.database.asOwner(
      `SELECT credit_operation_key AS loan FROM operation ORDER BY opened_at LIMIT 1`,
    )) as [{ loan: string }];
    const page = await world.openAs(['operator'], '/resultado');
    const choose = (line: string) =>
      page.getByLabel('Arquivo de parcelas').setInputFiles({
        name: 'parcelas.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          `operacao;parcela;vencimento;situacao;pago_em;valor_pago;perda\n${loan};${line}\n`,
        ),
      });
    await choose('1;28/10/2040;em aberto;;;');
    await page.getByRole('button', { name: 'Gravar 1 parcelas' }).click();
    await page.getByText(/1 parcelas de 1 operações gravadas; 0 tomaram/).waitFor();
    await choose('1;28/10/2040;baixada;;;500,00');
    await page.getByText(/de “em aberto, .*” para “baixada, .* perda R\$ 500,00”/).waitFor();
    await page.getByRole('button', { name: 'Gravar e substituir 1' }).click();
    await page.getByText(/1 parcelas de 1 operações gravadas; 1 tomaram/).waitFor();
    // Between the preview and the word of whoever looked at it, somebody tells something else.
    await choose('1;28/10/2040;baixada;;;400,00');
    await page.getByText(/de “baixada, .* perda R\$ 500,00” para/).waitFor();
    const told = { credit_operation_key: loan, installment: 1, due_on: '2040-10-28', status: 'written_off' };
    const outcomes = [{ ...told, loss_amount: '450.00' }];
    expect((await world.door.master('POST', '/api/v1/loan-outcomes', { outcomes })).status).toBe(200);
    await page.getByRole('button', { name: 'Gravar e substituir 1' }).click();
    await page.getByRole('alert').getByText('mudou desde a conferência').waitFor();
    await page.getByText(/de “baixada, .* perda R\$ 450,00” para “baixada, .* perda R\$ 400,00”/).waitFor();
    await page.getByRole('button', { name: 'Gravar e substituir 1' }).click();
    await page.getByText(/1 parcelas de 1 operações gravadas; 1 tomaram/).waitFor();
    await choose('1;28/10/2040;paga;;;');
    await page.getByText('Há linhas erradas: nada será gravado').waitFor();
    expect(await page.getByRole('button', { name: /^Gravar/ }).isDisabled()).toBe(true);
  });
});
