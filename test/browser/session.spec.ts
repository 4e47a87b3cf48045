import { consoleWorld } from './console-world';

describe('the door', () => {
  const world = consoleWorld();

  it('lets in whoever has name, password and code, and out again', async () => {
    const person = await world.person('analyst');
    const page = await world.open('/');
    await page.getByLabel('Usuário').fill(person.username);
    await page.getByLabel(/^Senha/).fill(person.password);
    await page.getByLabel('Código do autenticador').first().pressSequentially(person.code());
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
    await page.getByRole('heading', { name: 'Ao vivo' }).waitFor();
  });

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
