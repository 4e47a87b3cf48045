import { TOTP } from 'otpauth';
import type { Page, Request } from 'playwright-core';
import { firstLink } from '../support/people';
import { CLIENT, OidcProvider } from '../support/oidc-provider';
import { waitFor } from '../support/wait-for';
import { ConsoleWorld, consoleWorld } from './console-world';
import { endSessionsOf, signIn } from './door';

const PASSWORD = 'uma senha comprida e boa';

/** The menu, without the counts of what waits. */
const places = async (page: Page): Promise<readonly string[]> => {
  const links = page.getByRole('navigation', { name: 'Páginas' }).getByRole('link');
  return (await links.allInnerTexts()).map((text) => text.split('\n', 1)[0] ?? '');
};

describe('the door', () => {
  const world = consoleWorld();

  it('lets the first administrator make an account behind the printed link, once', async () => {
    const { pathname, hash } = new URL(firstLink(world.door));
    const page = await world.open(`${pathname}${hash}`);
    await page.getByRole('img', { name: /^Código QR/ }).waitFor();
    const secret = (await page.locator('pre').innerText()).replace(/\s/g, '');
    const now = new TOTP({ secret });
    await page.getByLabel('Usuário').fill('chefe@example.com');
    await page.getByLabel(/^Senha( \*)?$/).fill(PASSWORD);
    await page.getByLabel('Senha outra vez').fill('outra');
    await page.getByText('As senhas não são iguais').waitFor();
    await page.getByLabel('Senha outra vez').fill(PASSWORD);
    // The present code here and the next one to sign in: neither grows too old, however slow the pages are.
    await page.getByLabel('Código do autenticador').first().pressSequentially(now.generate());
    await page.getByRole('button', { name: 'Criar a conta' }).click();
    await page.getByText('Sua conta está pronta.').waitFor();
    expect(page.url()).not.toContain('#'); // the secret does not stay in the browser's history

    await page.getByRole('link', { name: 'Entrar' }).click();
    const code = (): string => now.generate({ timestamp: Date.now() + 30_000 });
    await signIn(page, { username: 'chefe@example.com', password: PASSWORD, code });
    await page.getByRole('heading', { name: 'Ao vivo' }).waitFor();

    const late = await world.open(`${pathname}${hash}`);
    await late.getByRole('alert').getByText('Este convite já foi usado ou perdeu a validade').waitFor();
  });

  it('lets in whoever has name, password and code, and out again', async () => {
    const person = await world.person('analyst');
    const page = await world.open('/historico?status=won');
    expect(await page.getByText('provedor').count()).toBe(0); // there is none here
    await signIn(page, { ...person, password: `${person.password}x` });
    await page.getByRole('alert').getByText('Usuário, senha ou código incorreto').waitFor();
    await signIn(page, person);
    await page.getByRole('heading', { name: 'Histórico de lances' }).waitFor();
    expect(page.url()).toContain('status=won'); // where one wanted to go

    // What the page asks by itself keeps nobody signed in; what follows a key does.
    const isMarked = (request: Request) => request.headers()['x-unattended'] === '1';
    await page.waitForRequest(isMarked);
    await page.keyboard.press('Shift');
    await page.waitForRequest((request) => request.url().includes('/api/v1/') && !isMarked(request));
    await page.waitForRequest(isMarked);

    await page.getByRole('button', { name: 'Conta' }).click();
    await page.getByText(person.username).waitFor();
    await page.getByRole('menuitem', { name: 'Sair' }).click();
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
    expect((await page.request.get('/api/v1/auctions')).status()).toBe(401);
  });

  const signOut = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Conta' }).click();
    await page.getByRole('menuitem', { name: 'Sair' }).click();
  };
  const isOutForGood = async (page: Page): Promise<void> => {
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
  };

  const openStop = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Parar lances' }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/^Motivo/)
      .fill('um teste');
  };

  it('stays open, and says so, when the service could not end the session', async () => {
    const page = await world.openAs(['operator'], '/conta');
    await page.getByRole('table', { name: 'Sessões' }).getByText('esta', { exact: true }).waitFor();
    world.network.cut();
    await signOut(page);
    await page.getByRole('alert').getByText('Não foi possível sair').waitFor();
    expect(await page.getByRole('heading', { name: 'Entrar' }).count()).toBe(0);
    world.network.passOn();
    await waitFor('the database to answer', async () =>
      (await page.request.get('/api/v1/session')).ok() ? true : undefined,
    );
    await signOut(page);
    await isOutForGood(page);
    world.forgive(/^50[034] from/);
  }, 60_000);

  it('ends the session that another tab has begun since', async () => {
    const person = await world.person('operator');
    const page = await world.openAs(person, '/conta');
    await page.getByRole('table', { name: 'Sessões' }).getByText('esta', { exact: true }).waitFor();
    const { username, password } = person;
    await world.database.asOwner('UPDATE app_user SET totp_last_step = 0');
    const again = await page.request.post('/api/v1/session', {
      data: { username, password, code: person.code() },
    });
    expect(again.status()).toBe(200);
    await signOut(page);
    await isOutForGood(page);
    expect((await page.request.get('/api/v1/auctions')).status()).toBe(401);
  }, 60_000);

  it('keeps what was begun when another tab has begun another session, for the same person alone', async () => {
    const [person, other] = await Promise.all([world.person('operator'), world.person('operator')]);
    const page = await world.openAs(person, '/operacoes');
    const signedInByAnotherTab = async (who: typeof person): Promise<void> => {
      const { username, password } = who;
      await world.database.asOwner('UPDATE app_user SET totp_last_step = 0');
      const answer = await page.request.post('/api/v1/session', {
        data: { username, password, code: who.code() },
      });
      expect(answer.status()).toBe(200);
    };
    const dialog = page.getByRole('dialog');
    const stop = () => page.getByRole('button', { name: 'Parar agora' }).click();
    await openStop(page);
    await signedInByAnotherTab(person);
    await stop();
    await dialog.getByText('A sessão mudou e nada foi feito').waitFor();
    await stop();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('status').getByText('“um teste”').waitFor();
    await world.database.asOwner('UPDATE kill_switch SET engaged = false');

    await page.reload();
    await openStop(page);
    await signedInByAnotherTab(other);
    await stop();
    await dialog.waitFor({ state: 'detached' });
    const { body } = await world.door.master('GET', '/api/v1/kill-switch');
    expect(body['engaged']).toBe(false);
    await page.getByRole('button', { name: 'Conta' }).click();
    await page.getByText(other.username).waitFor();
  }, 60_000);

  it('opens on the queue for an operator', async () => {
    const page = await world.open('/');
    await signIn(page, await world.person('operator'));
    await page.getByRole('heading', { name: 'Operações' }).waitFor();
  });

  it('shows the sign-in to whoever was signed out elsewhere, at the next thing they do', async () => {
    const person = await world.person('analyst');
    const page = await world.openAs(person, '/');
    await page.getByRole('heading', { name: 'Ao vivo' }).waitFor();
    await endSessionsOf(world, person);
    // Unless something in the background has noticed before.
    const click = page
      .getByRole('link', { name: 'Histórico' })
      .dispatchEvent('click', {}, { timeout: 1_000 });
    await click.catch(() => undefined);
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
    await page.getByRole('status').getByText('A sessão terminou').waitFor();
    expect(await page.getByText('Histórico de lances').count()).toBe(0);
  });

  it('hides what was begun when the session ends, and gives it back to the same person alone', async () => {
    const [person, other] = await Promise.all([world.person('operator'), world.person('operator')]);
    const page = await world.openAs(person, '/operacoes');
    const reason = page.getByRole('dialog').getByLabel('Motivo');
    const begin = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Parar lances' }).click();
      await reason.fill('taxa errada na tabela');
    };
    const isHidden = async (): Promise<void> => {
      await page.getByText('O que não foi salvo espera nesta janela').waitFor();
      expect(await reason.isVisible()).toBe(false);
      expect(await page.getByRole('heading', { name: 'Operações' }).isVisible()).toBe(false);
    };
    await begin();
    await endSessionsOf(world, person);
    await isHidden();
    await signIn(page, person);
    await reason.waitFor();
    expect(await reason.inputValue()).toBe('taxa errada na tabela');
    await page.getByRole('dialog').getByRole('button', { name: 'Voltar' }).click();
    await page.getByRole('link', { name: 'Histórico' }).click();
    await page.getByRole('heading', { name: 'Histórico de lances' }).waitFor();

    await begin();
    await endSessionsOf(world, person);
    await isHidden();
    await signIn(page, other);
    await page.getByRole('heading', { name: 'Histórico de lances' }).waitFor();
    expect(await reason.count()).toBe(0);
  }, 60_000);

  it('shows where one is signed in, ends a session there, and changes the password', async () => {
    const person = await world.person('viewer');
    const there = await world.openAs(person, '/');
    const page = await world.openAs(person, '/conta');
    await page.getByRole('table', { name: 'Sessões' }).getByText('esta', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Encerrar' }).click();
    await page.getByRole('button', { name: 'Encerrar' }).waitFor({ state: 'detached' });
    expect((await there.request.get('/api/v1/auctions')).status()).toBe(401);

    const change = page.getByRole('button', { name: 'Mudar a senha' });
    await page.getByLabel('Senha atual').fill('não é esta senha');
    await page.getByLabel(/^Senha nova\W*$/).fill('uma senha bem comprida');
    await page.getByLabel('Senha nova, outra vez').fill('uma senha bem compridx');
    expect(await change.isDisabled()).toBe(true);
    await page.getByLabel('Senha nova, outra vez').fill('uma senha bem comprida');
    await change.click();
    await page.getByText('não confere').waitFor();
    await page.getByLabel('Senha atual').fill(person.password);
    await change.click();
    await page.getByText('Senha mudada').waitFor();
  });

  it('says so when the connection is lost, and goes on by itself when it is back', async () => {
    const page = await world.openAs(['viewer'], '/');
    await page.getByRole('heading', { name: 'Ao vivo' }).waitFor();
    await page.getByText('Recebidos hoje').waitFor();
    await world.service.kill();
    await page.getByRole('status').getByText('Sem conexão').waitFor();
    await world.service.restart();
    await page.getByRole('status').getByText('Sem conexão').waitFor({ state: 'detached' });
    const key = world.openAuction();
    await page.locator(`[data-auction="${key}"]`).waitFor();
  });

  it('says so when the service stands still, though no connection broke, and goes on when it moves again', async () => {
    const page = await world.openAs(['viewer'], '/');
    await page.getByText('Recebidos hoje').waitFor();
    const lost = page.getByRole('status').getByText('Sem conexão');
    world.service.stun();
    try {
      await lost.waitFor();
    } finally {
      world.service.wake();
    }
    await lost.waitFor({ state: 'detached' });
    const key = world.openAuction();
    await page.locator(`[data-auction="${key}"]`).waitFor();
    // Whom the database answered while the service stood still was given up when it woke.
    world.forgive(/^50\d from /);
  }, 60_000);

  it('waits a minute for an answer, and says so when none came', async () => {
    const page = await world.openAs(['operator'], '/historico');
    await page.clock.install();
    await page.goto('/historico');
    await page.route('**/kill-switch/engage', () => undefined);
    await page.getByRole('button', { name: 'Parar lances' }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/^Motivo/)
      .fill('um teste');
    const asked = page.waitForRequest('**/kill-switch/engage');
    await page.getByRole('button', { name: 'Parar agora' }).click();
    await asked;
    await page.clock.fastForward(50_000);
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.clock.fastForward(10_000);
    await page.getByRole('dialog').getByText('Sem conexão com o serviço').waitFor();
  }, 60_000);

  it('says at once what was not sent for want of a network, and does not send it later', async () => {
    const page = await world.openAs(['operator'], '/historico');
    await openStop(page);
    await page.context().setOffline(true);
    await waitFor('the page to know', async () =>
      (await page.evaluate('navigator.onLine')) === false ? true : undefined,
    );
    try {
      await page.getByRole('button', { name: 'Parar agora' }).click();
      await page.getByRole('dialog').getByText('Sem conexão com o serviço').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Voltar' }).click();
    } finally {
      await page.context().setOffline(false);
    }
    await page.waitForResponse('**/api/v1/alerts**');
    const { body } = await world.door.master('GET', '/api/v1/kill-switch');
    expect(body['engaged']).toBe(false);
  }, 60_000);

  it('says that no answer came as soon as it knows, though nothing else is answered either', async () => {
    const page = await world.openAs(['operator'], '/saude');
    await page.getByRole('button', { name: 'Parar na QI' }).waitFor();
    await page.route('**/api/v1/**', () => undefined);
    for (const [button, verb, address] of [
      ['Parar lances', 'Parar agora', '**/kill-switch/engage'],
      ['Parar na QI', 'Parar na QI', '**/qi-filters/stop'],
    ] as const) {
      await page.route(address, (route) => route.abort());
      await page.getByRole('button', { name: button }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(/^Motivo/).fill('um teste');
      await dialog.getByRole('button', { name: verb }).click();
      await dialog.getByText('Sem conexão com o serviço').waitFor();
      await dialog.getByRole('button', { name: 'Voltar' }).click();
    }
  }, 60_000);

  it('says so when the live view never begins, and hears of a stop all the same', async () => {
    const page = await world.openAs(['viewer'], '/historico');
    await page.route('**/api/v1/live', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.goto('/');
    await page.getByRole('status').getByText('Sem conexão').waitFor();
    await page.getByRole('alert').getByText('Sem conexão com o serviço').waitFor();
    const engaged = await world.door.master('POST', '/api/v1/kill-switch/engage', { reason: 'um teste' });
    expect(engaged.status).toBeLessThan(300);
    await page.getByRole('status').getByText('“um teste”').waitFor();
    await world.database.asOwner('UPDATE kill_switch SET engaged = false');
    await page.unroute('**/api/v1/live');
    await page.getByText('Recebidos hoje').waitFor();
    await page.getByRole('status').getByText('Sem conexão').waitFor({ state: 'detached' });
    world.forgive(/^503 from .*live$/);
  }, 60_000);

  it('lets a page reach nobody but the service, and a test notice if one tried', async () => {
    const page = await world.open('/');
    const outcome = await page.evaluate(() =>
      fetch('http://198.51.100.1/').then(
        () => 'answered',
        () => 'refused',
      ),
    );
    expect(outcome).toBe('refused');
    expect(world.forgive(/Content Security Policy|asked a stranger/)).not.toEqual([]);
  });
});

describe('the door with an identity provider', () => {
  let provider: OidcProvider;
  let world: ConsoleWorld;
  beforeAll(async () => {
    provider = await OidcProvider.start();
    world = new ConsoleWorld({
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
    });
    await world.start();
  }, 60_000);
  afterEach(() => {
    expect(world.forgive(/asked a stranger/).every((complaint) => complaint.includes(provider.issuer))).toBe(
      true,
    );
    return world.closePages();
  });
  afterAll(async () => {
    await world.end();
    await provider.close();
  });
  const byProvider = (page: Page) => page.getByRole('link', { name: /^Entrar pelo provedor/ });

  it('lets in who signs in over there, to where their work begins', async () => {
    await world.door.master('POST', '/api/v1/users', { username: 'maria@example.com', roles: ['operator'] });
    provider.account = { sub: 'maria-1', email: 'maria@example.com', email_verified: true };
    const page = await world.open('/');
    await byProvider(page).click();
    await page.getByRole('heading', { name: 'Operações' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/operacoes');
  });

  it('lets in by another window whoever has something begun in this one', async () => {
    const username = 'rita@example.com';
    await world.door.master('POST', '/api/v1/users', { username, roles: ['operator'] });
    provider.account = { sub: 'rita-1', email: username, email_verified: true };
    const page = await world.open('/operacoes');
    await byProvider(page).click();
    await page.getByRole('button', { name: 'Parar lances' }).click();
    const reason = page.getByRole('dialog').getByLabel('Motivo');
    await reason.fill('taxa errada na tabela');
    await endSessionsOf(world, { username });
    const opening = page.waitForEvent('popup');
    await byProvider(page).click();
    const there = await opening;
    await there.getByRole('heading', { name: 'Operações' }).waitFor();
    await there.close();
    await page.evaluate(`dispatchEvent(new Event('focus'))`); // all pages of a test have it
    await reason.waitFor();
    expect(await reason.inputValue()).toBe('taxa errada na tabela');
  }, 60_000);

  it('says why somebody is not let in, and lets them in another way to a page that exists', async () => {
    provider.account = { sub: 'joao-1', email: 'joao@example.com', email_verified: true };
    const page = await world.open('/historico');
    await byProvider(page).click();
    await page.getByRole('alert').getByText('Nenhum usuário daqui tem a conta').waitFor();
    await signIn(page, await world.person('viewer'));
    await page.getByRole('heading', { name: 'Ao vivo' }).waitFor();
    expect(page.url()).toBe(`${world.service.url}/`);
  });

  it.each([
    ['refused', 'não foi concluída'],
    ['unavailable', 'não responde'],
  ])('has words for %s', async (problem, words) => {
    const page = await world.open(`/sign-in?problem=${problem}`);
    await page.getByRole('alert').getByText(words).waitFor();
  });

  it.each(['Ligue+para+0800', 'constructor'])('repeats nothing that an address says: %s', async (problem) => {
    const page = await world.open(`/sign-in?problem=${problem}`);
    await byProvider(page).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('opens on the first page for whoever is signed in and comes to the door', async () => {
    const page = await world.openAs(['viewer'], '/sign-in?problem=refused');
    await page.getByRole('heading', { name: 'Ao vivo' }).waitFor();
  });
});

describe('who sees what', () => {
  const world = consoleWorld();

  const figures = ['Gráficos', 'Resultado', 'Taxa', 'Comparar', 'Explorar', 'Painéis'];
  const first = ['Ao vivo', 'Histórico', ...figures, 'Política'];
  const everybody = [...first, 'Propostas', 'Operações', 'Plantão', 'Saúde'];
  const withExports = [...first, 'Propostas', 'Operações', 'Exportações', 'Plantão', 'Saúde'];

  it.each([
    ['viewer', everybody, { stop: false, draft: false, reveal: false, claim: false }],
    ['analyst', withExports, { stop: false, draft: false, reveal: true, claim: false }],
    ['policy_author', withExports, { stop: false, draft: true, reveal: false, claim: false }],
    ['policy_approver', withExports, { stop: true, draft: false, reveal: false, claim: false }],
    ['operator', everybody, { stop: true, draft: false, reveal: true, claim: true }],
    ['operations_approver', withExports, { stop: true, draft: false, reveal: true, claim: false }],
    ['auditor', [...withExports, 'Acesso'], { stop: false, draft: false, reveal: false, claim: false }],
    ['admin', [...withExports, 'Acesso'], { stop: true, draft: false, reveal: false, claim: false }],
  ])('%s', async (role, menu, may) => {
    const key = await anAuction();
    const page = await world.openAs([role], `/historico/${key}`);
    await page.getByRole('heading', { name: 'Pedido' }).waitFor();
    expect(await places(page)).toEqual(menu);
    expect(await page.getByRole('button', { name: 'Parar lances' }).count()).toBe(may.stop ? 1 : 0);
    expect(await page.getByRole('button', { name: 'Ver dados pessoais' }).count()).toBe(may.reveal ? 1 : 0);
    await page.getByRole('link', { name: 'Política' }).click();
    await page.getByRole('cell', { name: 'Consignado privado: política padrão' }).waitFor();
    expect(await page.getByRole('button', { name: 'Novo rascunho' }).count()).toBe(may.draft ? 1 : 0);
    await page.getByRole('link', { name: 'Operações' }).click();
    await page.getByRole('heading', { name: 'Operações' }).waitFor();
    const queue = page.getByRole('table', { name: 'Fila de trabalho' });
    await queue.getByText('Leilão parado').waitFor();
    expect(await queue.getByRole('button', { name: 'Assumir' }).count()).toBe(may.claim ? 1 : 0);
  });

  it('says no once to whoever types an address that is not theirs, and no page of theirs asks what they may not', async () => {
    const page = await world.openAs(['viewer'], '/exportacoes');
    const refused: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 403) refused.push(response.url());
    });
    for (const address of ['/exportacoes', '/acesso', '/propostas/nova']) {
      await page.goto(address);
      await page.getByText('Seus papéis não permitem').waitFor();
    }
    const menu = page.getByRole('navigation', { name: 'Páginas' });
    for (const place of everybody) {
      await menu.getByRole('link', { name: place }).click();
      await page.getByRole('heading', { level: 1, name: place }).waitFor();
      await page.locator('main [aria-busy=true]').first().waitFor({ state: 'hidden' });
    }
    expect(refused).toEqual([]);
  });

  let parked: string | undefined;
  /** One that nobody can read the limit of: it waits as a task for operators. */
  async function anAuction(): Promise<string> {
    if (parked !== undefined) return parked;
    parked = world.openAuction({ print: { data: { inclusion_limit_datetime: 'soon' } } });
    await world.auctionBecomes(parked, 'parked');
    return parked;
  }
});
